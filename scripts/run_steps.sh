#!/bin/sh
# Runs the named make targets in turn, stops at the first that fails, and tells how long each took.
set -eu
cd "$(dirname "$0")/.."
times=""
for step in "$@"; do
    echo "==== $step"
    began=$(date +%s)
    ${MAKE:-make} --no-print-directory "$step" || { echo "==== $step FAILED" >&2; exit 1; }
    times="$times$(printf '  %-12s %4d s' "$step" $(($(date +%s) - began)))
"
done
printf '==== all of it passed\n%s' "$times"
