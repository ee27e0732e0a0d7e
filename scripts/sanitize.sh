#!/bin/sh
# What needs more of a tool chain or of time than the tests: the C programs in 16 threads under ThreadSanitizer, with a
# library that is instrumented itself; the unit tests of the C interface under Miri; and what in the optimized library
# depends on a secret, under valgrind. Where a tool is missing its part is left out, in one loud line; with CI=true that
# is an error.
set -eu
cd "$(dirname "$0")/.."
. scripts/missing.sh

target=${CARGO_TARGET_DIR:-$PWD/target}
programs="flow devices kinds sent trust sessions sealing jwk primitives"

# Compiles threads.c and the programs that it runs, and links them with rustc's own runtime: gcc's lacks some of
# the functions that rustc calls.
link_threads() { # program, further options
    program=$1
    shift
    for name in $programs; do
        compile_instrumented -DSHARED_ENGINES "-Dmain=${name}_main" -c "bindings/c/tests/c/$name.c" -o "$out/$name.o"
    done
    compile_instrumented "$@" -c bindings/c/tests/c/threads.c -o "$out/threads.o"
    (
        cd "$out"
        cc $(printf '%s.o ' $programs) threads.o "$instrumented" -Wl,--whole-archive "$runtime" \
            -Wl,--no-whole-archive -Wl,--export-dynamic -lpthread -ldl -lm -lrt -o "$program"
    )
}

compile_instrumented() {
    cc -std=c11 -D_POSIX_C_SOURCE=200809L -g -fsanitize=thread -Iinclude "$@"
}

thread_sanitizer() {
    host=$(rustc -vV | sed -n 's/^host: //p')
    runtime=$(ls "$(rustc --print sysroot)/lib/rustlib/$host/lib/"librustc-*_rt.tsan.a 2>/dev/null || true)
    if [ -z "$runtime" ] || ! echo 'int main(void) { return 0; }' | cc -fsanitize=thread -xc - -o /dev/null 2>/dev/null
    then
        missing "ThreadSanitizer (rustc's runtime and cc -fsanitize=thread)" "races in the C interface"
        return
    fi
    echo "Building the library with ThreadSanitizer"
    # RUSTC_BOOTSTRAP: the option is not a stable one. The standard library is not instrumented; what synchronizes
    # threads in it is inlined into code that is.
    RUSTC_BOOTSTRAP=1 CFLAGS="-fsanitize=thread -g" \
        RUSTFLAGS="-Zsanitizer=thread -Cunsafe-allow-abi-mismatch=sanitizer" \
        cargo build --locked --quiet --lib --package twinlock-c --target "$host" --target-dir "$target/tsan"
    instrumented=$target/tsan/$host/debug/libtwinlock.a
    out=$target/tsan/programs
    mkdir -p "$out"
    echo "Looking for a race that is there"
    link_threads races -DBREAK_THE_RULE
    if "$out/races" >"$out/races.log" 2>&1 || ! grep -q 'data race.*twinlock' "$out/races.log"; then
        cat "$out/races.log" >&2
        echo "error: ThreadSanitizer does not see a race in the library" >&2
        exit 1
    fi
    echo "Running every program in 16 threads"
    link_threads threads
    TSAN_OPTIONS=halt_on_error=1 "$out/threads"
}

miri() {
    if ! cargo +nightly miri --version >/dev/null 2>&1; then
        missing "Miri (rustup +nightly component add miri rust-src)" "undefined behaviour in the C interface's unit tests"
        return
    fi
    echo "Running the unit tests of the C interface under Miri"
    # A test hands the address of a handle to another thread, and Miri loses track of what is reachable through an
    # address: the handles that are kept after their death look leaked to it. LeakSanitizer sees the C programs.
    MIRIFLAGS="-Zmiri-permissive-provenance -Zmiri-ignore-leaks" cargo +nightly miri test --locked --quiet --package twinlock-c --lib \
        --target-dir "$target/miri"
}

constant_time() {
    if ! command -v valgrind >/dev/null 2>&1; then
        missing "valgrind" "what in the optimized library depends on a secret"
        return
    fi
    echo "Building the library as it is shipped, with line tables"
    CARGO_PROFILE_RELEASE_DEBUG=line-tables-only CARGO_PROFILE_RELEASE_STRIP=none \
        cargo build --locked --quiet --release --package twinlock-c --target-dir "$target/constant-time"
    echo "Looking for branches and addresses that depend on a secret"
    TWINLOCK_ARCHIVE=$target/constant-time/release/libtwinlock.a \
        cargo test --locked --quiet --package twinlock-c --test constant_time
}

thread_sanitizer
miri
constant_time
