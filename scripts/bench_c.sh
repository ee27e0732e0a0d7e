#!/bin/sh
# The C interface beside liboath, both as they are shipped, and the size of the shared library.
set -eu
cd "$(dirname "$0")/.."

compiler=${CC:-cc}
if ! echo '#include <liboath/oath.h>' | "$compiler" -fsyntax-only -x c - 2>/dev/null; then
    echo "*** MISSING: liboath/oath.h (Debian package liboath-dev): left out: the C interface beside liboath" >&2
    exit 0
fi
size=$(scripts/test_library.sh)
folder=target/maturin/release
mkdir -p build/bench-c
"$compiler" -std=c99 -O2 -Wall -Wextra -Werror -pedantic -Iinclude bench/c/peers.c \
    "$folder/libtwinlock.a" -loath -lpthread -ldl -lm -o build/bench-c/peers
build/bench-c/peers
echo "$size"
