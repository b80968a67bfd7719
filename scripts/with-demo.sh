#!/usr/bin/env bash
# with-demo.sh COMMAND…  Runs COMMAND beside a demonstration of its own, on a free port and in a folder that is removed afterwards.
#
# Exports DEMO_URL and DEMO_CREDENTIALS (the file of logins). On SQLite, or with DEMO_ENGINE=PostgreSQL in a database of its own on
# the cluster of with-postgres.sh, whose owner migrates and whose service role the server runs as.
# Fails when COMMAND does, and when the server did not survive it; its last lines are shown then.
set -euo pipefail
program=$(cd "$(dirname "$0")/.." && pwd)/target/release/attest
work=$(mktemp -d "${TMPDIR:-/tmp}/attest-demo.XXXXXX")
server=
database=
finish() {
    status=$?
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    if [ "$status" -ne 0 ]; then
        echo "the server's last lines:" >&2
        tail -n 20 "$work/server.log" >&2 || true
    fi
    if [ -n "$database" ]; then psql -qX "$TEST_DATABASE_URL" -c "DROP DATABASE IF EXISTS $database WITH (FORCE)" || true; fi
    rm -rf "$work"
}
trap finish EXIT

unset DATABASE_URL
if [ "${DEMO_ENGINE:-SQLite}" = PostgreSQL ]; then
    database=demo_$$
    psql -qX "$TEST_DATABASE_URL" -c "CREATE DATABASE $database"
    DATABASE_URL=${TEST_DATABASE_URL%/*}/$database ATTEST_SERVICE_ROLE=$TEST_SERVICE_ROLE "$program" migrate >"$work/server.log" 2>&1
    place=${TEST_DATABASE_URL#*@}
    export DATABASE_URL=postgres://$TEST_SERVICE_ROLE:$TEST_SERVICE_PASSWORD@${place%/*}/$database
fi

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
export DEMO_URL="http://127.0.0.1:$port" DEMO_CREDENTIALS="$work/data/demo-credentials.json"
"$program" serve --demo --data-dir "$work/data" --listen "127.0.0.1:$port" </dev/null >>"$work/server.log" 2>&1 &
server=$!
for _ in $(seq 600); do
    curl -fsS -o /dev/null "$DEMO_URL/health/ready" 2>/dev/null && break
    kill -0 "$server" 2>/dev/null || { echo "the server ended before it was ready" >&2; exit 1; }
    sleep 0.5
done
curl -fsS -o /dev/null "$DEMO_URL/health/ready"

"$@"
kill -0 "$server" || { echo "the server did not survive" >&2; exit 1; }
