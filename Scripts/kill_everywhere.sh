#!/usr/bin/env bash
# Kills a run, a collection, an invalidation, a recovery, a merge and an export just before each of their changes of a file, one after the
# other. After each kill the folder has to open for reading and for writing, to be whole, and to hold every result once after the next run;
# a bundle is whole or not there, and merging it again adds what is missing. About fifteen minutes.
#
#     Scripts/kill_everywhere.sh [STEP [COMMAND...]]   # every STEP-th change only, of these commands only: run, export, bundle, ...
#
# PROGRAMS names a folder of built programs, libStoreFaults.so among them; without it they are built.
set -euo pipefail
cd "$(dirname "$0")/.."
step=${1:-1}
wanted=" ${*:2} "
if [ -n "${PROGRAMS:-}" ]; then
  bin=$(realpath "$PROGRAMS")
else
  for product in orchestrate job-supervisor StoreFaults; do swift build --product "$product" >/dev/null; done
  bin=$(swift build --show-bin-path)
fi
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
failures=0

cat >"$work/spec.json" <<'J'
{
  "name": "kills", "axes": { "i": [1, 2] },
  "stages": {
    "make": {
      "command": ["sh", "-c", "mkdir $ORCHESTRATE_OUTPUT_DIRECTORY/d; for n in 1 2 3; do echo ${i} $n >$ORCHESTRATE_OUTPUT_DIRECTORY/d/$n; done"],
      "outputs": { "d": "d" }
    },
    "count": {
      "command": ["sh", "-c", "echo \"{\\\"metrics\\\":[{\\\"name\\\":\\\"n\\\",\\\"value\\\":$(cat ${inputs.d}/* | wc -l)}]}\" >$ORCHESTRATE_RESULT"],
      "inputs": { "d": { "stage": "make", "artifact": "d" } }
    }
  }
}
J

# Runs a command that is killed before a change; 0 only counts.
killed() {
  local at=$1
  shift
  # The shell reports its killed children on standard error.
  {
    env LD_PRELOAD="$bin/libStoreFaults.so" STORE_FAULT_FOLDER="$work/results" STORE_FAULT_PROGRAM=orchestrate STORE_FAULT_KIND=KILL \
      STORE_FAULT_AT="$at" STORE_FAULT_COUNT="$work/count" "$bin/orchestrate" "$@" >"$work/output" 2>&1 || true
  } 2>/dev/null
}

complain() {
  echo "$1"
  failures=$((failures + 1))
}

orchestrate() { "$bin/orchestrate" "$@" >"$work/output" 2>&1; }

# What has to be true after a kill.
check() {
  if [ -e "$work/results/results.sqlite" ]; then
    orchestrate runs --results "$work/results" || complain "$1: runs: $(head -1 "$work/output")"
    orchestrate verify --results "$work/results" || complain "$1: verify: $(head -1 "$work/output")"
    orchestrate recover --results "$work/results" || complain "$1: recover: $(head -1 "$work/output")"
  fi
  orchestrate run "$work/spec.json" --results "$work/results" || complain "$1: run: $(head -1 "$work/output")"
  orchestrate verify --results "$work/results" || complain "$1: verify after the run: $(head -1 "$work/output")"
  orchestrate query --format csv "SELECT count(*), min(value), max(value) FROM latest_result" --results "$work/results" || true
  grep -q "^2,3.0,3.0" "$work/output" || complain "$1: wrong results: $(tail -1 "$work/output")"
  orchestrate query --format csv "SELECT max(n) FROM (SELECT count(*) AS n FROM attempt WHERE state = 'succeeded' AND invalid_reason IS NULL GROUP BY fingerprint)" \
    --results "$work/results" || true
  grep -q "^1" "$work/output" || complain "$1: a result is there twice"
}

# Nothing more is known of what a command was to do.
nothing() { :; }

# A merge that was killed has added a run or not, and adds it when it is made again.
check_merge() {
  orchestrate merge "$work/bundle" --results "$work/results" || complain "$1: merge again: $(head -1 "$work/output")"
  orchestrate query --format csv "SELECT count(*), (SELECT count(*) FROM attempt) FROM run" --results "$work/results" || true
  grep -q "^2,8" "$work/output" || complain "$1: runs or attempts are missing or doubled: $(tail -1 "$work/output")"
}

# A bundle that has its name is whole; otherwise it can be made again.
check_bundle() {
  local bundle="$work/results/bundle"
  [ -e "$bundle" ] || orchestrate export --format bundle "$bundle" --results "$work/results" \
    || complain "$1: export again: $(head -1 "$work/output")"
  rm -rf "$work/elsewhere"
  orchestrate merge "$bundle" --results "$work/elsewhere" || complain "$1: the bundle: $(head -1 "$work/output")"
  grep -q "1 runs added, 0 known, 4 attempts, 2 files" "$work/output" || complain "$1: the bundle: $(tail -1 "$work/output")"
}

# A file of samples that has its name is whole.
check_samples() {
  local file="$work/results/samples.csv"
  [ ! -e "$file" ] || [ "$(wc -l <"$file")" = 3 ] || complain "$1: a part of the samples"
}

# Kills a command before each of its changes, each time in a fresh copy of a folder, which a function then looks at.
kill_everywhere() {
  local name=$1 folder=$2 look=$3
  shift 3
  [[ "$wanted" =~ ^\ *$ || "$wanted" == *" $name "* ]] || return 0
  restore() {
    rm -rf "$work/results"
    [ -z "$folder" ] || cp -a "$folder" "$work/results"
  }
  restore
  killed 0 "$@" --results "$work/results"
  local count
  count=$(cat "$work/count")
  echo "$name: $count changes"
  for ((at = 1; at <= count; at += step)); do
    restore
    killed "$at" "$@" --results "$work/results"
    "$look" "$name, killed before change $at"
    check "$name, killed before change $at"
  done
}

kill_everywhere "run" "" nothing run "$work/spec.json"
rm -rf "$work/results"
orchestrate run "$work/spec.json" --results "$work/results"
cp -a "$work/results" "$work/finished"
kill_everywhere "export" "$work/finished" check_samples export --format csv "$work/results/samples.csv"
kill_everywhere "bundle" "$work/finished" check_bundle export --format bundle "$work/results/bundle"
rm -rf "$work/results"
orchestrate run "$work/spec.json" --set "i=[3,4]" --results "$work/results"
orchestrate export --format bundle "$work/bundle" --results "$work/results"
kill_everywhere "merge" "$work/finished" check_merge merge "$work/bundle"
kill_everywhere "invalidate" "$work/finished" nothing invalidate --stage make --reason wrong
orchestrate invalidate --stage make --reason wrong --results "$work/finished"
kill_everywhere "gc" "$work/finished" nothing gc --yes
rm -rf "$work/results"
killed 120 run "$work/spec.json" --results "$work/results"
cp -a "$work/results" "$work/broken"
kill_everywhere "recover" "$work/broken" nothing recover
if [ "$failures" -gt 0 ]; then
  echo "$failures failures"
  exit 1
fi
echo "every kill was survived"
