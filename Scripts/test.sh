#!/usr/bin/env bash
# Checks the formatting, builds everything and runs all tests.
set -euo pipefail
cd "$(dirname "$0")/.."
Scripts/setup.sh

swift format lint --strict --recursive Package.swift Sources Tests Benchmarks
swift build -c release --build-tests

# Failures must not be lost among thousands of lines that say what began and what passed.
log=.build/tests.log
status=0
swift test -c release --skip-build 2>&1 | tee "$log" | { grep --line-buffered -v -e '^◇' -e '^✔' || true; } || status=$?
if ! grep -q ' Test run with ' "$log"; then
  echo "the tests did not come to their end; the last lines of $log:"
  tail -n 40 "$log"
  status=1
elif [ "$status" -ne 0 ]; then
  echo "what failed, again (everything is in $log):"
  grep -A 3 '^✘' "$log" || true
else
  tail -n 1 "$log"
fi
exit "$status"
