#!/usr/bin/env bash
# Compares the U-Net with the same network in PyTorch; installs PyTorch for CPUs into a virtual environment of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ ! -x .venv/bin/python ]; then
  python3 -m venv .venv
  .venv/bin/pip install -q "torch==2.13.0+cpu" numpy
fi
.venv/bin/python Benchmarks/compare_with_pytorch.py "$(Benchmarks/build.sh --product UNetBenchmark)/UNetBenchmark"
