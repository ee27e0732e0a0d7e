#!/bin/sh
# The demo's person walks through the reference server in Go: one client, one contract.
# Usage: scripts/demo_go.sh PYTHON
set -eu
cd "$(dirname "$0")/.."
. scripts/go_env.sh
python=$1
need_go "the demo on the reference server in Go"
link_debug_library
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM
(cd examples/go && go build -tags static -o "$folder/server" .)
"$folder/server" --listen 127.0.0.1:0 --database "$folder/site.sqlite3" --keys-file "$folder/keys" \
    >"$folder/address" 2>"$folder/log" &
server=$!
tries=0
until grep -q '^Listening on ' "$folder/address"; do
    tries=$((tries + 1))
    if [ "$tries" -gt 300 ] || ! kill -0 "$server" 2>/dev/null; then
        cat "$folder/log" >&2
        exit 1
    fi
    sleep 0.1
done
url=$(sed 's/^Listening on //' "$folder/address")
echo "The reference server in Go listens on $url."
"$python" examples/django/demo.py "$url" || { cat "$folder/log" >&2; exit 1; }
