#!/usr/bin/env bash
# Compares the bootstrap of 1,000 pairs with SciPy's; installs SciPy into a virtual environment of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ ! -x .venv/bin/python ]; then python3 -m venv .venv; fi
.venv/bin/pip install -q "scipy==1.17.1" numpy
.venv/bin/python Benchmarks/compare_with_scipy.py "$(Benchmarks/build.sh --product StatisticsBenchmark)/StatisticsBenchmark"
