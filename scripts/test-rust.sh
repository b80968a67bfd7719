#!/usr/bin/env bash
# test-rust.sh [WORD…]  The Rust tests, with a PostgreSQL cluster of their own; what they say is kept in target/rust-tests.log,
# from which docs/security/conformance.md is written. With WORDs only the tests whose names contain them, and nothing is kept.
set -euo pipefail
cd "$(dirname "$0")/.."
# As many open files as a service usually gets at its start: what needs more has to see to it.
ulimit -Sn 1024
run=(scripts/with-postgres.sh cargo test --release --workspace --locked --no-fail-fast)
if [ $# -gt 0 ]; then exec "${run[@]}" -- "$@"; fi
mkdir -p target
"${run[@]}" 2>&1 | tee target/rust-tests.log
