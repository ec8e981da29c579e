#!/usr/bin/env bash
# Runs the tests of everything concurrent under ThreadSanitizer. The build has a folder of its own; the first takes seven minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
Scripts/setup.sh

export TSAN_OPTIONS="suppressions=$PWD/Scripts/thread-sanitizer.supp${TSAN_OPTIONS:+:$TSAN_OPTIONS}"
swift test --scratch-path .build-tsan --sanitize=thread \
  --filter 'SchedulingTests|ResultsStoreTests|TimingTests|WorkerProtocolTests|DataParallelTests|NeuralNetworkTests.SessionTests' "$@"
