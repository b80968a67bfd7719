#!/usr/bin/env bash
# Says in one line what is missing to build Attest, before a compiler says it in a hundred.
set -u
missing=0
need() { # program, how to get it
    command -v "$1" >/dev/null 2>&1 && return
    echo "missing: $1 ($2)" >&2
    missing=1
}
need cargo "Rust 1.92 or later, from rustup or your distribution"
need node "Node.js 20 or later"
need npm "comes with Node.js"
need cc "a C compiler: apt-get install build-essential"
need make "apt-get install build-essential"
need perl "builds the bundled OpenSSL: apt-get install perl"
[ "$missing" -eq 0 ] || exit 1

at_least() { # name, have, want
    if [ "$(printf '%s\n%s\n' "$3" "$2" | sort -V | head -n1)" != "$3" ]; then
        echo "$1 is $2, but $3 or later is needed" >&2
        exit 1
    fi
}
rust=$(cargo --version | cut -d' ' -f2)
node=$(node --version | tr -d v)
at_least cargo "$rust" 1.92.0
at_least node "$node" 20.0.0
echo "cargo $rust, node $node, npm $(npm --version): good"
