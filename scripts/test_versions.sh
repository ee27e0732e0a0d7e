#!/bin/sh
# The Django tests on each Python that is found, with the oldest and the newest Django that it takes. Each pair
# has an environment of its own below build/versions. VERSIONS names the interpreters, TESTS what is run.
set -eu
cd "$(dirname "$0")/.."
versions=${VERSIONS:-"python3.10 python3.11 python3.12 python3.13"}
tests=${TESTS:-"python/tests/django python/tests/drf"}
oldest=5.2.19 newest=6.1.3
wheel=$(ls build/wheels/twinlock-*.whl)
failed=""

test_pair() {
    python=$1 django=$2
    venv=build/versions/$python-django-$django
    if [ ! -e "$venv/.done" ]; then
        rm -rf "$venv"
        "$python" -m venv "$venv"
        grep -Ev '^(Django|mypy|ruff|maturin|django-stubs|djangorestframework-stubs|django-stubs-ext)' requirements-dev.txt >"$venv/rest.txt"
        "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "Django==$django" -r "$venv/rest.txt"
        touch "$venv/.done"
    fi
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-index --force-reinstall "$wheel"
    echo "==== $("$python" -V), Django $django"
    # shellcheck disable=SC2086 # the tests are several words
    "$venv/bin/python" -m pytest -q -p no:cacheprovider --timeout=300 $tests || failed="$failed $python/$django"
}

for python in $versions; do
    if ! "$python" -c 'import sys' >/dev/null 2>&1; then
        echo "*** MISSING: $python: left out: the Django tests on it" >&2
        continue
    fi
    case $python in
    python3.10 | python3.11) test_pair "$python" "$oldest" ;;
    *)
        test_pair "$python" "$oldest"
        test_pair "$python" "$newest"
        ;;
    esac
done
[ -z "$failed" ] || { echo "error: failed on:$failed" >&2; exit 1; }
