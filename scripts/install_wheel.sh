#!/bin/sh
# Builds the release wheel and installs it into the virtual environment $1, which holds maturin.
# The wheel has a target folder of its own: Cargo's other builds differ in environment and would undo it.
set -eu
venv=$1
out=build/wheels

if ! command -v cargo >/dev/null 2>&1; then
    echo "error: 'cargo' was not found; Twinlock's core is written in Rust" >&2
    exit 1
fi
echo "Building the wheel"
rm -rf "$out"
"$venv/bin/maturin" build --locked --release --quiet --interpreter "$venv/bin/python" \
    --target-dir target/maturin --out "$out"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-index --force-reinstall "$out"/twinlock-*.whl
