#!/usr/bin/env bash
# Builds the benchmarks, with the programs that they start beside them, and prints the folder they are in.
set -euo pipefail
cd "$(dirname "$0")/.."
options=(--package-path Benchmarks --scratch-path .build-benchmarks -c release)
swift build "${options[@]}" "$@" >&2
swift build "${options[@]}" --show-bin-path
