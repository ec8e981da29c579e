#!/usr/bin/env bash
# Installs the programs that the benchmarks compare with: ninja and xargs.
set -euo pipefail
as_root=()
if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -y -qq --no-install-recommends ninja-build findutils >/dev/null
