#!/usr/bin/env bash
# Runs tests under sanitizers; options of 'swift test' may follow the kind.
#   Scripts/sanitize.sh c        the supervisor under AddressSanitizer and UndefinedBehaviorSanitizer, the read observer under the latter:
#                                four minutes with the build of the tests
#   Scripts/sanitize.sh thread   what is concurrent under ThreadSanitizer; three minutes for its first build, two for the tests
set -euo pipefail
cd "$(dirname "$0")/.."
kind=${1:?name the kind: c or thread}
shift
Scripts/setup.sh

supervisor=(-ISources/Base/CProcess/include Sources/{Base/CProcess,Running/job-supervisor}/*.c)

sanitize_c() {
  swift build --build-tests
  local built sanitized=.build/sanitized
  built=$(swift build --show-bin-path)
  rm -rf "$sanitized"
  # Links, so that the programs beside the tests can be others here.
  cp -al "$built" "$sanitized"
  rm "$sanitized/job-supervisor" "$sanitized/libReadObserver.so"
  local options=(-g -Wall -Werror -fuse-ld=lld)
  clang "${options[@]}" -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined -DPEAK_LIMIT_KIB=1048576 \
    "${supervisor[@]}" -o "$sanitized/job-supervisor"
  # It is loaded into programs of all kinds, where only a trap can tell.
  clang "${options[@]}" -O2 -shared -fPIC -fvisibility=hidden -fsanitize=undefined -fsanitize-trap=undefined \
    -ISources/Inputs/CReadLog/include Sources/Inputs/{CReadLog,ReadObserver}/*.c -o "$sanitized/libReadObserver.so"
  # A shepherd with a sanitizer has grown from the beginning.
  "$sanitized/PriorBrushOrchestratorPackageTests.xctest" --testing-library swift-testing \
    --filter 'SchedulingTests|InputTracingTests|EndToEndTests.*(InputTests|FaultTests)' --skip 'a shepherd that has grown' "$@"
}

sanitize_threads() {
  # The manifest then has only what is concurrent, and what that rests upon.
  export SANITIZED=1
  export TSAN_OPTIONS="suppressions=$PWD/Scripts/thread-sanitizer.supp${TSAN_OPTIONS:+:$TSAN_OPTIONS}"
  local options=(--scratch-path .build-tsan --sanitize=thread)
  swift build "${options[@]}" --build-tests
  # The supervisor has a single thread and needs the real vfork, which shares memory; the sanitizer's does not.
  clang -O2 -static "${supervisor[@]}" -o "$(swift build "${options[@]}" --show-bin-path)/job-supervisor"

  # Faults of files come into the sanitizer's own as well, and what other tests of the store do at length has one thread.
  swift test "${options[@]}" --skip-build \
    --filter 'SchedulingTests|ResultsStoreTests|InterleavedTimingTests|WorkerProtocolTests|DataParallelTests|NeuralNetworkTests.SessionTests' \
    --skip 'StoreFaultTests|StoreKillTests|StoreCrashTests|StoreMergeTests|ManifestTests|DamagedStoreTests|ResultsStoreTests.Foreign' "$@"
}

case $kind in
  c) sanitize_c "$@" ;;
  thread) sanitize_threads "$@" ;;
  *) echo "there is no kind '$kind'; there are c and thread" >&2; exit 2 ;;
esac
