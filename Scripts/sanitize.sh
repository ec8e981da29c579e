#!/usr/bin/env bash
# Runs the tests of everything concurrent under ThreadSanitizer. The build has a folder of its own; the first takes seven minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
Scripts/setup.sh

export SANITIZED=1
export TSAN_OPTIONS="suppressions=$PWD/Scripts/thread-sanitizer.supp${TSAN_OPTIONS:+:$TSAN_OPTIONS}"
options=(--scratch-path .build-tsan --sanitize=thread)
swift build "${options[@]}" --build-tests
# The supervisor has a single thread and needs the real vfork, which shares memory; the sanitizer's does not.
env -u SANITIZED swift build -c release --product job-supervisor
cp .build/release/job-supervisor "$(swift build "${options[@]}" --show-bin-path)/"

swift test "${options[@]}" --skip-build \
  --filter 'SchedulingTests|ResultsStoreTests|InterleavedTimingTests|WorkerProtocolTests|DataParallelTests|NeuralNetworkTests.SessionTests' "$@"
