#!/usr/bin/env bash
# Installs the Debian packages that building, the emoji data set and the tests need, as far as they are missing.
set -euo pipefail

packages=(
  libsqlite3-dev libpng-dev libdnnl-dev libopenblas-dev libssl-dev zlib1g-dev pkg-config # libraries
  fonts-noto-color-emoji unicode-cldr-core unicode-data       # the images and captions that models are trained on
  git python3 python3-venv                                    # provenance of runs; example worker of the tests
)

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done

if [ ${#missing[@]} -gt 0 ]; then
  echo "installing ${missing[*]}"
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "run as root: apt-get install ${missing[*]}" >&2; exit 2; }
    as_root=(sudo)
  fi
  export DEBIAN_FRONTEND=noninteractive
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

command -v swift >/dev/null || { echo "no swift in PATH: install a Swift 6 toolchain from swift.org" >&2; exit 2; }
