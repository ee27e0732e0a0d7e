#!/bin/sh
# Builds the C library as it is shipped and holds it to its size. In the wheel's target folder, where the C code below
# it is built already, in the same way.
set -eu
cd "$(dirname "$0")/.."
limit=2500000
target=target/maturin

cargo build --locked --release --quiet --package twinlock-c --target-dir "$target"
size=$(wc -c <"$target/release/libtwinlock.so")
if [ "$size" -gt "$limit" ]; then
    echo "error: libtwinlock.so has $size bytes, and may have $limit" >&2
    exit 1
fi
echo "libtwinlock.so has $size of $limit bytes"
