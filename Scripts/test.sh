#!/usr/bin/env bash
# Checks the formatting, builds everything and runs all tests.
set -euo pipefail
cd "$(dirname "$0")/.."
Scripts/setup.sh

swift format lint --strict --recursive Package.swift Sources Tests Benchmarks
swift build -c release --build-tests
swift test -c release --skip-build
