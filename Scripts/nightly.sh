#!/usr/bin/env bash
# Measures one night and judges it: experiment (default experiments/nightly.json), then options of 'report nightly'.
# Exit status: 0 steady or better, 1 a regression or a failed job, 3 blind or undecided, 2 bad input, 130 interrupted.
set -uo pipefail
cd "$(dirname "$0")/.."
spec=${1:-experiments/nightly.json}
[ $# -gt 0 ] && shift

orchestrate run "$spec"
ran=$?
# A run with failed jobs is judged all the same; one that could not start, or was stopped, is not.
[ "$ran" -le 1 ] || exit "$ran"
report nightly "$(basename "$spec" .json)" "$@"
judged=$?
[ "$judged" -eq 2 ] && exit 2
[ "$ran" -eq 1 ] && exit 1
exit "$judged"
