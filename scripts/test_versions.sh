#!/bin/sh
# The Django tests on each Python that is found, with the oldest and the newest Django and REST framework that
# pyproject.toml lets it have. Each combination has an environment of its own below build/versions.
# VERSIONS names the interpreters, TESTS what is run.
set -eu
cd "$(dirname "$0")/.."
versions=${VERSIONS:-"python3.10 python3.11 python3.12 python3.13"}
tests=${TESTS:-"python/tests/django python/tests/drf"}
wheel=$(ls build/wheels/twinlock-*.whl)
failed=""

# Interpreter, Django, REST framework. A test compares this with what pyproject.toml declares.
combinations="
python3.10 5.2 3.16.0
python3.10 5.2.19 3.18.3
python3.11 5.2 3.16.0
python3.11 5.2.19 3.18.3
python3.12 5.2 3.16.0
python3.12 6.0.10 3.18.3
python3.12 6.1.3 3.18.3
python3.13 5.2 3.16.0
python3.13 6.1.3 3.18.3
"

test_combination() {
    python=$1 django=$2 framework=$3
    venv=build/versions/$python-django-$django-drf-$framework
    if [ ! -e "$venv/.done" ]; then
        rm -rf "$venv"
        "$python" -m venv "$venv"
        grep -Ev '^(Django|djangorestframework|mypy|ruff|maturin|django-stubs|djangorestframework-stubs|django-stubs-ext)=' \
            requirements-dev.txt >"$venv/rest.txt"
        "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
            "Django==$django" "djangorestframework==$framework" -r "$venv/rest.txt"
        touch "$venv/.done"
    fi
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-index --force-reinstall "$wheel"
    echo "==== $("$python" -V), Django $django, REST framework $framework"
    # shellcheck disable=SC2086 # the tests are several words
    "$venv/bin/python" -m pytest -q -p no:cacheprovider --timeout=300 $tests || failed="$failed $python/$django/$framework"
}

for python in $versions; do
    if ! "$python" -c 'import sys' >/dev/null 2>&1; then
        echo "*** MISSING: $python: left out: the Django tests on it" >&2
        continue
    fi
    for pair in $(echo "$combinations" | sed -n "s/^$python \([^ ]*\) \([^ ]*\)\$/\1:\2/p"); do
        test_combination "$python" "${pair%:*}" "${pair#*:}"
    done
done
[ -z "$failed" ] || { echo "error: failed on:$failed" >&2; exit 1; }
