#!/bin/sh
# A second step through DRF beside the packages that do it today, in an environment of its own: they need
# Python 3.13 (PYTHON313 names it) and are no part of the development environment.
set -eu
cd "$(dirname "$0")/.."
venv=build/bench-django
python=${PYTHON313:-python3.13}

if ! command -v "$python" >/dev/null 2>&1; then
    echo "*** MISSING: $python: left out: the second step beside django-totp, which needs Python 3.13" >&2
    exit 0
fi
if [ ! -x "$venv/bin/python" ]; then
    "$python" -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement bench/django/requirements.txt
fi
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-index --force-reinstall \
    build/wheels/twinlock-*.whl
exec "$venv/bin/python" bench/django/bench.py "$@"
