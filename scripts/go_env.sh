# What the scripts about Go share; sourced from the root, it knows nothing else of them.

# Go is no base tool: where it is missing its part is left out in one loud line, also with CI=true.
need_go() { # what is left out
    if ! command -v go >/dev/null 2>&1; then
        echo "*** MISSING: go (1.25 or newer): left out: $1" >&2
        exit 0
    fi
}

# Where cgo finds the header and the library. What is said here takes the place of Go's own flags, which optimize, and
# goes for every C source, that of SQLite's driver, too.
link_with() { # the folder of the library
    CGO_CFLAGS="-O2 -g -I$PWD/include"
    CGO_LDFLAGS="-L$1"
    export CGO_CFLAGS CGO_LDFLAGS
}

# The library as the tests use it. Its folder is $library from then on.
link_debug_library() {
    cargo build --locked --quiet --package twinlock-c
    library=${CARGO_TARGET_DIR:-$PWD/target}/debug
    link_with "$library"
}
