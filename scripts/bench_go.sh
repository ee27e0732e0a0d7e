#!/bin/sh
# The benchmarks of the Go package and of the Go server, over the library as it is released.
# Usage: scripts/bench_go.sh package | http PYTHON [OPTIONS]
set -eu
cd "$(dirname "$0")/.."
. scripts/go_env.sh
need_go "the benchmarks of the Go package and of the Go server"
what=$1
shift
scripts/test_library.sh >/dev/null
link_with "$PWD/target/maturin/release"
case $what in
package) cd bench/go && exec go test -tags static -count=1 -v . ;;
http) python=$1 && shift && exec "$python" bench/go/http_bench.py "$@" ;;
*) echo "usage: $0 package | http PYTHON" >&2 && exit 2 ;;
esac
