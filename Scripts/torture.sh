#!/usr/bin/env bash
# The full torture of the results store: kills, failing file operations, damaged files, merges. About an hour on two cores.
# Usage: Scripts/torture.sh [KILLS [DIRECTORY]]
set -euo pipefail
cd "$(dirname "$0")/.."
kills=${1:-1000}
directory=${2:-${TMPDIR:-/tmp}}
swift build -c release --build-tests
TORTURE_ROUNDS=${TORTURE_ROUNDS:-20} swift test -c release --skip-build \
  --filter 'StoreFaultTests|StoreMergeTests|ManifestTests|StoreCrashTests|StoreMigrationTests|StoreReadersTests'
.build/release/orchestrate selftest --torture --rounds "$kills" --jobs 500 --directory "$directory"
