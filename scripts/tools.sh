#!/bin/sh
# The programs that some tests compare Twinlock with. On Debian root gets them installed; elsewhere each
# missing one is named and the tests that need it are left out. With CI=true a missing one is an error.
set -eu
cd "$(dirname "$0")/.."

missing() {
    while read -r program package purpose; do
        [ -n "$program" ] || continue
        if [ "$program" = initdb ]; then
            set -- /usr/lib/postgresql/*/bin/initdb
            [ -x "$1" ] && continue
        fi
        [ "$program" = sqlite3.h ] && echo '#include <sqlite3.h>' | cc -E - >/dev/null 2>&1 && continue
        [ -x "/usr/sbin/$program" ] && continue
        command -v "$program" >/dev/null 2>&1 || echo "$program $package $purpose"
    done <<END
c++ g++ the C and C++ headers in C++ programs
pkg-config pkg-config an installed package in makefiles, and in Go
sqlite3.h libsqlite3-dev the terminal example in C
clang++ clang the C and C++ headers in a second compiler
cmake cmake an installed package in a CMake project
valgrind valgrind the C programs under valgrind
oathtool oathtool codes compared with liboath
zbarimg zbar-tools QR codes read by an independent reader
rsvg-convert librsvg2-bin QR codes drawn from SVG
chromium chromium the reference site's page in a browser
initdb postgresql races and stores on PostgreSQL
mariadbd mariadb-server races and second factors on MariaDB
pgbouncer pgbouncer second factors behind a pool of connections
redis-server redis-server stores in Redis
END
}

lost=$(missing)
[ -z "$lost" ] && exit 0
if [ -x /usr/bin/apt-get ] && [ "$(id -u)" = 0 ]; then
    scripts/debian_packages.sh $(echo "$lost" | cut -d ' ' -f 2)
    lost=$(missing)
    [ -z "$lost" ] && exit 0
fi
echo "$lost" | while read -r program package purpose; do
    echo "*** MISSING: $program (Debian package $package): left out: $purpose" >&2
done
if [ "${CI:-}" = true ]; then
    echo "error: CI=true, and nothing may be left out" >&2
    exit 1
fi
