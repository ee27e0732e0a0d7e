#!/bin/sh
# The benchmarks of the Go package and of the Go server, over the library as it is released.
# Usage: scripts/bench_go.sh package | http PYTHON [OPTIONS]
set -eu
cd "$(dirname "$0")/.."
if ! command -v go >/dev/null 2>&1; then
    echo "*** MISSING: go (1.25 or newer): left out: the benchmarks of the Go package" >&2
    exit 0
fi
what=$1
shift
cargo build --locked --quiet --release --package twinlock-c
CGO_CFLAGS="-I$PWD/include"
CGO_LDFLAGS="-L${CARGO_TARGET_DIR:-$PWD/target}/release"
export CGO_CFLAGS CGO_LDFLAGS
case $what in
package) cd bench/go && exec go test -tags static -count=1 -v . ;;
http) python=$1 && shift && exec "$python" bench/go/http_bench.py "$@" ;;
*) echo "usage: $0 package | http PYTHON" >&2 && exit 2 ;;
esac
