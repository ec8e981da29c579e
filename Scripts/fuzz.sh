#!/usr/bin/env bash
# Lets changed input in through the five doors: spec, worker's lines, result file, stored plan, database or bundle. A trap, a broken
# promise, ten seconds without an end, or a gigabyte of memory is a finding; the input that did it is kept.
# Usage: Scripts/fuzz.sh SECONDS [DOOR...]   that long, shared among the doors, from the inputs that earlier rounds kept in .build-fuzz
#        Scripts/fuzz.sh short [DOOR...]     the same inputs each time, about a minute
# Findings that are mended belong into Tests/Fuzzing/Found/DOOR, with which every round begins.
set -euo pipefail
cd "$(dirname "$0")/.."
extent=${1:?say for how many seconds, or short}
doors=("${@:2}")
[ ${#doors[@]} -gt 0 ] || doors=(spec worker result plan database)
declare -A few=([spec]=4000 [worker]=2500 [result]=4000 [plan]=8000 [database]=150)
Scripts/setup.sh

options=(--scratch-path .build-fuzz -c release --sanitize fuzzer -Xswiftc -enable-testing)
export FUZZING=1
swift build "${options[@]}" --product fuzz
fuzz=$(swift build "${options[@]}" --show-bin-path)/fuzz
# Results folders are made in memory, where there is such a place: a disk would take most of the time.
if [ -w /dev/shm ]; then TMPDIR=$(mktemp -d /dev/shm/fuzz-XXXXXX); else TMPDIR=$(mktemp -d); fi
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT

status=0
for door in "${doors[@]}"; do
  export FUZZ_ENTRANCE=$door
  corpora=(".build-fuzz/seeds/$door")
  mkdir -p "${corpora[0]}"
  FUZZ_SEEDS=${corpora[0]} "$fuzz"
  [ ! -d "Tests/Fuzzing/Found/$door" ] || corpora+=("Tests/Fuzzing/Found/$door")
  if [ "$extent" = short ]; then
    kept=$(mktemp -d)
    bounds=(-runs="${few[$door]}" -seed=1)
  else
    kept=.build-fuzz/corpus/$door
    mkdir -p "$kept"
    bounds=(-max_total_time=$((extent / ${#doors[@]})))
  fi
  log=.build-fuzz/$door.log
  if "$fuzz" "$kept" "${corpora[@]}" "${bounds[@]}" -timeout=10 -rss_limit_mb=1024 -max_len=100000 -len_control=0 \
    -artifact_prefix=".build-fuzz/$door-" >"$log" 2>&1; then
    echo "$door: $(tail -n 1 "$log")"
  else
    grep -a -m 5 -e 'atal error' -e 'ERROR' -e 'Test unit written' "$log" || tail -n 5 "$log"
    echo "$door: a finding, see $log; again with FUZZ_ENTRANCE=$door $fuzz FILE"
    status=1
  fi
done
exit "$status"
