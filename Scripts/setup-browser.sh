#!/usr/bin/env bash
# Installs Chromium for the test of the HTML reports, if no browser is there. Only .ci/run needs it.
set -euo pipefail

for program in chromium chromium-browser google-chrome; do
  if command -v "$program" >/dev/null; then exit 0; fi
done

echo "installing chromium"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "run as root: apt-get install chromium" >&2; exit 2; }
  as_root=(sudo)
fi
export DEBIAN_FRONTEND=noninteractive
for attempt in 1 2 3; do
  if "${as_root[@]}" apt-get update -qq && "${as_root[@]}" apt-get install -y -qq --no-install-recommends chromium >/dev/null; then
    command -v chromium >/dev/null && exit 0
  fi
  echo "attempt $attempt to install chromium failed" >&2
  sleep $((attempt * 5))
done
echo "chromium cannot be installed; without it the HTML reports are not tested: run Scripts/test.sh to skip that test" >&2
exit 2
