#!/bin/sh
# Writes the hashes of the test vectors anew, after a change that was meant.
set -eu
cd "$(dirname "$0")/../tests/vectors"
find . -type f \( -name '*.json' -o -name '*.pem' \) | LC_ALL=C sort | sed 's|^\./||' | xargs sha256sum >SHA256SUMS
