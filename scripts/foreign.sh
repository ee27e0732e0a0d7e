#!/bin/sh
# The tests of the core with other words and another byte order: i686 (32 bit), which x86-64 runs itself, and s390x
# (big-endian) under QEMU. Rust's own library is built from its sources for them, with the compiler that belongs to the sources:
# Debian's rustc-web and rust-web-src, which are unpacked below the target folder and installed nowhere. Give TARGETS to
# run one of them. Where something is missing that is said in one loud line; with CI=true it is an error.
set -eu
cd "$(dirname "$0")/.."
. scripts/missing.sh

targets=${TARGETS:-i686-unknown-linux-gnu s390x-unknown-linux-gnu}
out=${CARGO_TARGET_DIR:-$PWD/target}/foreign
root=$out/rust/usr
# Formats, vectors and a whole life: what would differ where words or bytes do.
tests="--test formats --test life --test otp_vectors"

unpack_rust() {
    [ -x "$root/bin/rustc" ] && return
    command -v apt-get >/dev/null 2>&1 || return 1
    mkdir -p "$out/debs"
    libraries=$(apt-cache depends libstd-rust-web-dev | sed -n 's/.*Depends: \(libstd-rust-web-[0-9.]*\)$/\1/p')
    llvm=$(apt-cache depends $libraries | sed -n 's/.*Depends: \(libllvm[0-9]*\)$/\1/p')
    (cd "$out/debs" && apt-get download rustc-web rust-web-src libstd-rust-web-dev $libraries $llvm) || return 1
    for package in "$out"/debs/*.deb; do
        dpkg -x "$package" "$out/rust"
    done
}

run() { # target, prefix of its C compiler, what runs its programs, further tests
    if ! command -v "$2-gcc" >/dev/null 2>&1 || ! command -v "${3%% *}" >/dev/null 2>&1; then
        missing "$2-gcc or ${3%% *} (Debian packages gcc-$2, libc6-dev-*-cross, qemu-user)" "tests for $1"
        return
    fi
    echo "==== $1"
    upper=$(echo "$1" | tr 'a-z-' 'A-Z_')
    # RUSTC_BOOTSTRAP: to build Rust's own library is no stable option.
    env "CC_$(echo "$1" | tr - _)=$2-gcc" "CARGO_TARGET_${upper}_LINKER=$2-gcc" "CARGO_TARGET_${upper}_RUNNER=$3" \
        CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR="$out" RUSTC="$root/bin/rustc" RUSTC_BOOTSTRAP=1 \
        LD_LIBRARY_PATH="$root/lib/x86_64-linux-gnu:$(echo "$root"/lib/llvm-*/lib)" \
        cargo test --locked --quiet -Zbuild-std=std,panic_unwind --target "$1" --package twinlock $tests $4
}

if ! unpack_rust; then
    missing "Debian's rustc-web and rust-web-src" "tests on 32 bit and on big-endian machines"
    exit 0
fi
for target in $targets; do
    case $target in
    i686-*)
        # Not under QEMU: 7.2 does not get through the HMACs.
        loader="/usr/i686-linux-gnu/lib/ld-linux.so.2 --library-path /usr/i686-linux-gnu/lib"
        run "$target" i686-linux-gnu "$loader" "--lib --test otp_counters --test otp_secrets --test otp_migration"
        ;;
    s390x-*) run "$target" s390x-linux-gnu "qemu-s390x -L /usr/s390x-linux-gnu" "" ;;
    *) echo "error: no such target: $target" >&2 && exit 2 ;;
    esac
done
