# What every script says of a program that is not there; sourced from the root.

# Says in one loud line what is left out for want of it; with CI=true that is an error.
missing() { # what is not there, what is left out
    echo "*** MISSING: $1: left out: $2" >&2
    if [ "${CI:-}" = true ]; then
        echo "error: CI=true, and nothing may be left out" >&2
        exit 1
    fi
}
