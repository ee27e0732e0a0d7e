#!/bin/sh
# The tests of the core on a machine of other words and another byte order, under QEMU: i686 (32 bit) and s390x
# (big-endian). Rust's own library is built from its sources for them, with the compiler that belongs to the sources:
# Debian's rustc-web and rust-web-src, which are unpacked below the target folder and installed nowhere. Give TARGETS to
# run one of them. Where something is missing that is said in one loud line; with CI=true it is an error.
set -eu
cd "$(dirname "$0")/.."

targets=${TARGETS:-i686-unknown-linux-gnu s390x-unknown-linux-gnu}
out=${CARGO_TARGET_DIR:-$PWD/target}/foreign
root=$out/rust/usr
# Formats, vectors, codes and a whole life: what would differ where words or bytes do.
tests="--lib --test formats --test life --test otp_vectors --test otp_counters --test otp_secrets --test otp_migration"

missing() {
    echo "*** MISSING: $1: left out: $2" >&2
    if [ "${CI:-}" = true ]; then
        echo "error: CI=true, and nothing may be left out" >&2
        exit 1
    fi
}

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

run() { # target, prefix of its C compiler, name of QEMU
    if ! command -v "$2-gcc" >/dev/null 2>&1 || ! command -v "$3" >/dev/null 2>&1; then
        missing "$2-gcc, its C library and $3 (Debian packages gcc-$2, libc6-dev-…-cross, qemu-user)" "tests for $1"
        return
    fi
    echo "==== $1"
    upper=$(echo "$1" | tr 'a-z-' 'A-Z_')
    # RUSTC_BOOTSTRAP: to build Rust's own library is no stable option.
    env "CC_$(echo "$1" | tr - _)=$2-gcc" "CARGO_TARGET_${upper}_LINKER=$2-gcc" \
        "CARGO_TARGET_${upper}_RUNNER=$3 -L /usr/$2" CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR="$out" \
        RUSTC="$root/bin/rustc" RUSTC_BOOTSTRAP=1 LD_LIBRARY_PATH="$root/lib/x86_64-linux-gnu:$(echo "$root"/lib/llvm-*/lib)" \
        cargo test --locked --quiet -Zbuild-std=std,panic_unwind --target "$1" --package twinlock $tests
}

if ! unpack_rust; then
    missing "Debian's rustc-web and rust-web-src" "tests on 32 bit and on big-endian machines"
    exit 0
fi
for target in $targets; do
    case $target in
    i686-*) run "$target" i686-linux-gnu qemu-i386 ;;
    s390x-*) run "$target" s390x-linux-gnu qemu-s390x ;;
    *) echo "error: no such target: $target" >&2 && exit 2 ;;
    esac
done
