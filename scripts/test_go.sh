#!/bin/sh
# The tests of the Go package and of the reference server: format, vet, race detector, garbage collector under
# load, short fuzzing, and a link through pkg-config. Where Go is there, CI=true lets nothing be left out.
set -eu
cd "$(dirname "$0")/.."
. scripts/missing.sh
. scripts/go_env.sh

need_go "the tests of the Go package and of the Go server"
if ! command -v initdb >/dev/null 2>&1 && ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 &&
    [ -z "${TWINLOCK_TEST_POSTGRES:-}" ]; then
    missing "initdb (Debian package postgresql)" "the Go store on PostgreSQL"
fi

link_debug_library

# The library as it is installed, for the build that is the default.
stage=$library/go-stage
DESTDIR='' PREFIX="$stage" LIBDIR=lib LIBRARIES="$library" scripts/install.sh install >/dev/null

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
if command -v pkg-config >/dev/null 2>&1; then
    # Go keeps what pkg-config said and does not see it change; the folder named here is part of the cache's key.
    env -u CGO_CFLAGS CGO_LDFLAGS="-L$stage/lib" PKG_CONFIG_PATH="$stage/lib/pkgconfig" LD_LIBRARY_PATH="$stage/lib" \
        go test -count=1 .
else
    missing "pkg-config" "the Go package over the shared library"
fi
for fuzzed in FuzzAnswers FuzzTokens FuzzClientTokens FuzzArguments FuzzFormats; do
    go test -tags static -run '^$' -fuzz "^$fuzzed\$" -fuzztime "${FUZZTIME:-3s}" -parallel 2 .
done

# The reference server, and that what is only run by hand still builds.
for module in ../../examples/go ../../bench/go; do
    cd "$module"
    ugly=$(gofmt -l .)
    if [ -n "$ugly" ]; then
        echo "gofmt -w would change: $ugly" >&2
        exit 1
    fi
    go vet -tags static ./...
done
cd ../../examples/go
go test -tags static -count=1 -race ./...
