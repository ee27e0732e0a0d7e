#!/bin/sh
# The C interface beside liboath, both as they are shipped, and the size of the shared library.
set -eu
cd "$(dirname "$0")/.."

compiler=${CC:-cc}
if ! echo '#include <liboath/oath.h>' | "$compiler" -fsyntax-only -x c - 2>/dev/null; then
    echo "*** MISSING: liboath/oath.h (Debian package liboath-dev): left out: the C interface beside liboath" >&2
    [ "${CI:-}" != true ] || exit 1
    exit 0
fi
cargo build --locked --quiet --release --package twinlock-c
target=${CARGO_TARGET_DIR:-$PWD/target}
mkdir -p "$target/bench-c"
"$compiler" -std=c99 -O2 -Wall -Wextra -Werror -pedantic -Iinclude bench/c/peers.c \
    "$target/release/libtwinlock.a" -loath -lpthread -ldl -lm -o "$target/bench-c/peers"
"$target/bench-c/peers"

most=2621440
size=$(wc -c <"$target/release/libtwinlock.so")
verdict=met
[ "$size" -le "$most" ] || verdict=missed
printf '%-42s %9d KiB %59s ≤ %d KiB %s\n' "libtwinlock.so, stripped" $((size / 1024)) "" $((most / 1024)) "$verdict"
