#!/usr/bin/env bash
# Fills a small disk of its own with an experiment, makes room, and runs the same command again: nothing may be lost or doubled.
# Usage: Scripts/full_disk.sh   (after swift build -c release; needs no root where user namespaces are allowed)
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -z "${FULL_DISK:-}" ]; then
  as_root=(--map-root-user)
  if [ "$(id -u)" -eq 0 ]; then as_root=(); fi
  FULL_DISK=1 exec unshare --mount "${as_root[@]}" "$0"
fi

orchestrate=$PWD/.build/release/orchestrate
disk=$(mktemp -d)
trap 'cd /; umount "$disk"; rmdir "$disk"' EXIT
mount -t tmpfs -o size=20m tmpfs "$disk"
cd "$disk"
cat >spec.json <<'SPEC'
{
  "name": "full-disk", "axes": { "seed": { "from": 1, "to": 40 } },
  "stages": {
    "fill": {
      "command": ["sh", "-c", "yes ${seed} | head -c 1000000 >$ORCHESTRATE_OUTPUT_DIRECTORY/megabyte"],
      "outputs": { "megabyte": "megabyte" }
    }
  }
}
SPEC

run() { "$orchestrate" run spec.json --results results 2>errors.txt; }
# A name and a number for each result.
results() {
  "$orchestrate" query --results results --format csv \
    "SELECT fingerprint, id FROM attempt WHERE state = 'succeeded' ORDER BY fingerprint, id" | tail -n +2
}
fail() { echo "full disk: $1"; sed 's/^/  | /' errors.txt; exit 1; }

status=0
run || status=$?
mount -o remount,size=200m "$disk"
[ "$status" -ne 0 ] || fail "a run without room for its results ended well"
[ "$(grep -c '^error:' errors.txt)" -eq 1 ] || fail "there should be one error"
grep -q '^error: .*room' errors.txt || fail "the error does not name the cause"
"$orchestrate" verify --results results >/dev/null || fail "the database or a file is damaged"
results >before.txt
[ "$(wc -l <before.txt)" -gt 0 ] || fail "no result was stored before the disk was full"

run || fail "with room again, the same command failed"
results >after.txt
[ "$(wc -l <after.txt)" -eq 40 ] || fail "there are $(wc -l <after.txt) results, not 40"
[ "$(cut -d, -f1 after.txt | sort -u | wc -l)" -eq 40 ] || fail "a result is there twice"
[ "$(comm -23 before.txt after.txt | wc -l)" -eq 0 ] || fail "a result that was stored is gone"
"$orchestrate" verify --results results >/dev/null || fail "the database or a file is damaged"
echo "full disk: exit $status and one error; $(wc -l <before.txt) results kept, 40 after the second run, none lost or doubled"
