#!/usr/bin/env bash
# bench.sh [--quick …]  Measures the release server on SQLite and on a PostgreSQL cluster of its own, both durable, and
# writes docs/benchmarks.md. --quick (2,000 samples, one second a case) only shows that everything can be measured and
# writes nothing; other options go to attest-bench.
set -euo pipefail
cd "$(dirname "$0")/.."
out=(--write docs/benchmarks.md)
for argument in "$@"; do
    case $argument in --quick | --write | --only) out=() ;; esac
done
target=${CARGO_TARGET_DIR:-target}
[ -x "$target/release/attest-bench" ] || cargo build --release --workspace --locked
exec env TEST_DURABLE=1 scripts/with-postgres.sh "$target/release/attest-bench" --program "$target/release/attest" "${out[@]}" "$@"
