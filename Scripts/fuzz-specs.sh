#!/usr/bin/env bash
# Reads and plans specs with random changes for a number of minutes, 60 unless given: a thousand for each of many seeds.
# A trap or a hang ends it; the log then says which seed and round.
set -euo pipefail
cd "$(dirname "$0")/.."
minutes=${1:-60}
log=.build/fuzz-specs.log
swift build --build-tests
end=$((SECONDS + 60 * minutes))
while [ "$SECONDS" -lt "$end" ]; do
  seed=$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')
  echo "seed $seed" >"$log"
  if ! SPEC_FUZZ_SEED=$seed SPEC_FUZZ_ROUNDS=1000 timeout 600 swift test --skip-build --filter 'Random specs' >>"$log" 2>&1; then
    tail -20 "$log"
    echo "failed: see $log"
    exit 1
  fi
done
