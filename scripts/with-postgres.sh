#!/usr/bin/env bash
# with-postgres.sh COMMAND…  Runs COMMAND with a PostgreSQL cluster of its own, and removes the cluster afterwards.
#
# Exports TEST_DATABASE_URL: the URL of the role that owns the test databases (it may create databases and is no
# superuser); TEST_SERVICE_ROLE names the role that owns nothing, which the service runs as. When
# TEST_DATABASE_URL is set already, that cluster is used and nothing is started.
#
# The cluster listens on a free port of 127.0.0.1 only. PostgreSQL refuses to run as root, so root hands it to the
# user `postgres` (or `nobody`). fsync is off: these tests are about Attest's durability, never about PostgreSQL's.
# TEST_DURABLE=1 turns it on, for measuring.
set -euo pipefail
if [ -n "${TEST_DATABASE_URL:-}" ]; then exec "$@"; fi

bin=
for candidate in "${PG_BIN:-}" /usr/lib/postgresql/15/bin /usr/lib/postgresql/*/bin "$(dirname "$(command -v initdb || echo /none)")"; do
    if [ -x "$candidate/initdb" ]; then bin=$candidate; break; fi
done
if [ -z "$bin" ]; then
    echo "PostgreSQL is not installed (looked for initdb); run scripts/setup-test.sh" >&2
    exit 1
fi

as=()
if [ "$(id -u)" -eq 0 ]; then
    if id postgres >/dev/null 2>&1; then user=postgres; else user=nobody; fi
    as=(setpriv "--reuid=$user" "--regid=$(id -g "$user")" --clear-groups)
fi

home=$(mktemp -d "${TMPDIR:-/tmp}/attest-postgres.XXXXXX")
chmod 755 "$home"
mkdir "$home/data" "$home/socket"
if [ "$(id -u)" -eq 0 ]; then chown "$user" "$home" "$home/data" "$home/socket"; fi
server=
finish() {
    if [ -n "$server" ] && kill -0 "$server" 2>/dev/null; then
        kill -QUIT "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    rm -rf "$home"
}
trap finish EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

(cd / && "${as[@]}" env LC_ALL=C "$bin/initdb" -D "$home/data" -U cluster_admin --auth=trust --encoding=UTF8 --no-sync >"$home/initdb.log" 2>&1) \
    || { cat "$home/initdb.log" >&2; exit 1; }

durability=(-c fsync=off -c full_page_writes=off)
if [ "${TEST_DURABLE:-}" = 1 ]; then durability=(); fi
for attempt in 1 2 3 4 5; do
    port=$((20000 + RANDOM % 12000))
    (cd / && exec "${as[@]}" env LC_ALL=C "$bin/postgres" -D "$home/data" -p "$port" -k "$home/socket" \
        -c listen_addresses=127.0.0.1 "${durability[@]}" -c max_connections=400 \
        -c shared_buffers=128MB -c log_min_messages=fatal) </dev/null >"$home/postgres.log" 2>&1 &
    server=$!
    for _ in $(seq 150); do
        if "$bin/pg_isready" -q -h 127.0.0.1 -p "$port"; then break 2; fi
        kill -0 "$server" 2>/dev/null || break
        sleep 0.1
    done
    kill -QUIT "$server" 2>/dev/null || true
    server=
    [ "$attempt" -lt 5 ] || { cat "$home/postgres.log" >&2; exit 1; }
done

"$bin/psql" -qX -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$port" -U cluster_admin -d postgres <<'SQL'
CREATE ROLE attest_owner LOGIN CREATEDB PASSWORD 'owner';
CREATE ROLE attest_service LOGIN PASSWORD 'service';
SQL
export TEST_DATABASE_URL="postgres://attest_owner:owner@127.0.0.1:$port/postgres"
export TEST_SERVICE_ROLE=attest_service
export TEST_SERVICE_PASSWORD=service
"$@"
