#!/bin/sh
# Makes the virtual environment $2 with the interpreter $1 and installs the pinned packages of $3.
set -eu
python=$1 venv=$2 requirements=$3

if ! command -v "$python" >/dev/null 2>&1; then
    echo "error: '$python' was not found; Twinlock needs Python 3.10 or newer (make PYTHON=/path/to/python3 …)" >&2
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))'; then
    echo "error: Twinlock needs Python 3.10 or newer, and '$python' is $("$python" -V 2>&1) (make PYTHON=/path/to/python3 …)" >&2
    exit 1
fi
if [ ! -x "$venv/bin/python" ]; then
    echo "Making the virtual environment $venv"
    if ! "$python" -m venv "$venv"; then
        rm -rf "$venv"
        echo "error: '$python -m venv' failed; on Debian and Ubuntu it comes with the package python3-venv" >&2
        exit 1
    fi
fi
echo "Installing the packages of $requirements"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements"
