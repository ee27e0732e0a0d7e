#!/bin/sh
# The tests of the Go package: format, vet, race detector, garbage collector under load, short fuzzing, and
# a link through pkg-config. Without Go they are left out, unless CI=true.
set -eu
cd "$(dirname "$0")/.."

missing() {
    echo "*** MISSING: $1: left out: $2" >&2
    if [ "${CI:-}" = true ]; then
        echo "error: CI=true, and nothing may be left out" >&2
        exit 1
    fi
}

if ! command -v go >/dev/null 2>&1; then
    missing "go (1.25 or newer)" "the tests of the Go package"
    exit 0
fi
if ! command -v initdb >/dev/null 2>&1 && ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 &&
    [ -z "${TWINLOCK_TEST_POSTGRES:-}" ]; then
    missing "initdb (Debian package postgresql)" "the Go store on PostgreSQL"
fi

target=${CARGO_TARGET_DIR:-$PWD/target}
cargo build --locked --quiet --package twinlock-c
CGO_CFLAGS="-I$PWD/include"
CGO_LDFLAGS="-L$target/debug"
export CGO_CFLAGS CGO_LDFLAGS

cd bindings/go
ugly=$(gofmt -l .)
if [ -n "$ugly" ]; then
    echo "gofmt -w would change: $ugly" >&2
    exit 1
fi
# Results are never taken from the cache: it does not see when the library was built anew.
go vet -tags static,gcstorm ./...
go test -tags static -count=1 -race ./...
go test -tags static,gcstorm -count=1 .
for target_of_fuzzing in FuzzAnswers FuzzTokens FuzzArguments; do
    go test -tags static -run '^$' -fuzz "^$target_of_fuzzing\$" -fuzztime "${FUZZTIME:-3s}" -parallel 2 .
done
