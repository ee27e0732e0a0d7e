#!/bin/sh
# Fuzzes what comes from outside, SECONDS for each target: the judges of fuzz/judges.rs with cargo-fuzz, and sequences of
# C calls, which bindings/c/tests/sequences.rs generates from the header, with clang's libFuzzer. What is new stays below
# the target folder; a finding is written there, too, and ends the run. Give TARGETS to run some of them.
# `make test` judges the committed corpora and fuzzes the Go package for some seconds.
set -eu
cd "$(dirname "$0")/.."
. scripts/missing.sh

seconds=${SECONDS_EACH:-60}
targets=${TARGETS:-uri base32 envelope challenge jwt backup c_calls}
target=${CARGO_TARGET_DIR:-$PWD/target}/fuzz
host=$(rustc -vV | sed -n 's/^host: //p')

# A program of libFuzzer over the committed corpus and what earlier runs added.
run() { # program, name
    mkdir -p "$target/found/$2"
    echo "==== $2, $seconds s"
    "$1" -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 -verbosity=0 \
        -artifact_prefix="$target/found/$2-" "$target/found/$2" "fuzz/corpus/$2"
}

# RUSTC_BOOTSTRAP: the options of cargo-fuzz are no stable ones.
judges() {
    if ! cargo fuzz --version >/dev/null 2>&1; then
        missing "cargo-fuzz (cargo install cargo-fuzz)" "fuzzing of $*"
        return
    fi
    RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=$target cargo fuzz build --fuzz-dir fuzz
    for name in "$@"; do
        run "$target/$host/release/$name" "$name"
    done
}

# The library tells libFuzzer where it has been; the sanitizers are for the C program, and for what it allocates.
c_calls() {
    if ! echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' |
        clang -fsanitize=fuzzer,address -xc - -o /dev/null 2>/dev/null; then
        missing "clang with libFuzzer" "fuzzing of sequences of C calls"
        return
    fi
    coverage="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4"
    coverage="$coverage -Cllvm-args=-sanitizer-coverage-inline-8bit-counters"
    coverage="$coverage -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares"
    RUSTFLAGS=$coverage CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
        CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS=true CARGO_PROFILE_RELEASE_STRIP=none \
        cargo build --locked --quiet --release --lib --package twinlock-c --target "$host" --target-dir "$target/c"
    cargo test --locked --quiet --package twinlock-c --test sequences >/dev/null
    sources=${CARGO_TARGET_DIR:-$PWD/target}/tmp/twinlock-c/sequences
    clang -std=c99 -g -O1 -DFUZZING -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -Iinclude \
        -Ibindings/c/tests/c "$sources/sequences.c" "$target/c/$host/release/libtwinlock.a" \
        -lpthread -ldl -lm -o "$target/c_calls"
    run "$target/c_calls" c_calls
}

mkdir -p "$target/found"
rust=""
for name in $targets; do
    [ "$name" = c_calls ] || rust="$rust $name"
done
[ -z "$rust" ] || judges $rust
case " $targets " in *" c_calls "*) c_calls ;; esac
