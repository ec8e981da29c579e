#!/usr/bin/env bash
# Builds the project, runs the paper's three experiments and writes the reports.
set -euo pipefail
cd "$(dirname "$0")/.."
Scripts/setup.sh

for product in job-supervisor ReadObserver command-timer priorbrush-worker orchestrate report; do
  swift build -c release --product "$product"
done
bin=$(swift build -c release --show-bin-path)

for experiment in exp1 exp2 exp3; do
  "$bin/orchestrate" run "experiments/$experiment.json"
done
"$bin/report" build
echo "the reports are in reports/: begin with reports/index.md"
