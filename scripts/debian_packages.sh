#!/bin/sh
# Installs the named Debian packages quietly; refreshes the package lists when apt does not know one of them.
set -eu
export DEBIAN_FRONTEND=noninteractive

install() {
    apt-get install --yes --quiet=2 --no-install-recommends "$@" >"$log" 2>&1
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "Installing Debian packages: $*"
if ! install "$@"; then
    apt-get update --quiet=2 >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
    install "$@" || { cat "$log" >&2; exit 1; }
fi
