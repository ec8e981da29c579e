#!/usr/bin/env bash
# Builds the Python package, installs it into a virtual environment of its own and runs its tests; options of pytest may follow.
# PYTHON names another interpreter, ORCHESTRATE_BIN the folder of the built programs. Exit status 77: the tests' tools cannot be installed.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
environment=.build/python/$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
mkdir -p .build/python

# Without the package python3-venv of Debian there is neither pip nor a way to get it.
if [ ! -x "$environment/bin/pip" ] && ! "$python" -m venv "$environment" >.build/python/log.txt 2>&1; then
  echo "the Python package is not tested: $(tail -n 1 .build/python/log.txt); apt-get install python3-venv" >&2
  exit 77
fi
pip() { "$environment/bin/python" -m pip --disable-pip-version-check "$@"; }

if ! "$environment/bin/python" -c 'import mypy, numpy, pandas, pytest' 2>/dev/null; then
  pip install -q pytest mypy || { echo "the Python package is not tested: pytest and mypy cannot be installed" >&2; exit 77; }
  pip install -q --only-binary :all: numpy pandas || echo "numpy and pandas cannot be installed: what needs them is not tested" >&2
fi

rm -rf .build/python/wheel
pip wheel -q --no-deps --no-index --wheel-dir .build/python/wheel ./Python
pip install -q --no-deps --no-index --force-reinstall .build/python/wheel/*.whl
cd Python
"../$environment/bin/python" -m mypy --cache-dir ../.build/python/mypy
"../$environment/bin/python" -m pytest "$@"
