#!/usr/bin/env bash
# The full torture of orchestrator and results store, one line for each figure: process trees killed by every signal, failing file
# operations, damaged manifests and bundles, merges, readers, clocks, a full disk, SIGKILL of whole runs, and edits of their inputs. Two hours on two cores.
# Usage: Scripts/torture.sh [KILLS [DIRECTORY [EDITS]]]
set -euo pipefail
cd "$(dirname "$0")/.."
kills=${1:-1000}
directory=${2:-${TMPDIR:-/tmp}}
edits=${3:-500}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
swift build -c release --build-tests
# Each test says in its name what it proves, and prints with how many cases.
TORTURE_ROUNDS=${TORTURE_ROUNDS:-20} swift test -c release --skip-build --filter \
  'SchedulingTests.TortureTests|ClockTests|StoreFaultTests|StoreMergeTests|ManifestTests|StoreCrashTests|StoreMigrationTests|StoreReadersTests|StoreMaintenanceTests' \
  >"$log" 2>&1 || { tail -n 50 "$log"; exit 1; }
grep -E '^. Test .*(passed|failed)' "$log"
Scripts/full_disk.sh
.build/release/orchestrate selftest --torture --rounds "$kills" --jobs 500 --edits "$edits" --directory "$directory"
