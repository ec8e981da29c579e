#!/usr/bin/env bash
# Formats all Swift sources in place.
set -euo pipefail
cd "$(dirname "$0")/.."
swift format --in-place --recursive Package.swift Sources Tests Benchmarks
