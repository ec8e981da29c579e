#!/usr/bin/env bash
# Runs tests again and again beside twelve busy loops, as on a machine that others use; the first run that fails ends it.
# Usage: Scripts/test-under-load.sh [TIMES [OPTIONS of swift test]], twenty times everything unless given, such as: 5 --filter SchedulingTests
set -euo pipefail
cd "$(dirname "$0")/.."
times=${1:-20}
swift build --build-tests

loops=()
trap 'kill "${loops[@]}"' EXIT
for _ in {1..12}; do
  while :; do :; done &
  loops+=($!)
done
log=.build/test-under-load.log
for round in $(seq "$times"); do
  if ! swift test --skip-build "${@:2}" >"$log" 2>&1; then
    grep -A 3 '^✘' "$log" || tail -n 40 "$log"
    echo "round $round of $times failed; everything is in $log"
    exit 1
  fi
  echo "round $round: $(tail -n 1 "$log")"
done
