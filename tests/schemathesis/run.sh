#!/usr/bin/env bash
# Schemathesis against the real server, with the real tokens of people with different rights, bounded and repeatable.
# It must find no 5xx, no undocumented status, content type or shape. Arguments are handed on to schemathesis.
set -euo pipefail
cd "$(dirname "$0")/../.."
venv=${TEST_VENV:-$HOME/.cache/attest/venv}
examples=${SCHEMATHESIS_EXAMPLES:-6}

work=$(mktemp -d "${TMPDIR:-/tmp}/attest-schemathesis.XXXXXX")
server=
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
    rm -rf "$work"
}
trap finish EXIT

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
export DEMO_URL="http://127.0.0.1:$port"
env -u DATABASE_URL target/release/attest serve --demo --data-dir "$work/data" --listen "127.0.0.1:$port" \
    </dev/null >"$work/server.log" 2>&1 &
server=$!
for _ in $(seq 600); do
    curl -fsS -o /dev/null "$DEMO_URL/health/ready" 2>/dev/null && break
    kill -0 "$server" 2>/dev/null || { echo "the server ended before it was ready" >&2; exit 1; }
    sleep 0.5
done
curl -fsS -o /dev/null "$DEMO_URL/health/ready"

export DEMO_CREDENTIALS="$work/data/demo-credentials.json"
export SCHEMATHESIS_HOOKS=hooks
export PYTHONPATH="$PWD/tests/schemathesis"
# Logging in and out is left out: it would end the very session this runs on (tests/tests/stories/access.rs has it).
ask() { # as whom (laboratory 0 water, 1 medical; role), phases, examples
    export DEMO_LABORATORY=${1%%:*} DEMO_ROLE=${1#*:}
    echo
    echo "as $DEMO_ROLE"
    (cd "$work" && "$venv/bin/schemathesis" run "$OLDPWD/openapi/attest.json" --url "$DEMO_URL" \
        --phases "$2" --max-examples "$3" --generation-deterministic --no-shrink \
        --request-timeout 20 --continue-on-failure --no-color --warnings off \
        --suppress-health-check all \
        --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance \
        --exclude-path-regex '/auth/|/bootstrap$|/end-sessions$|/deactivate$|/reset-password$|/reset-second-factor$' "${more[@]}")
}
more=("$@")
# Between them these reach every operation.
for who in 0:administrator 0:analyst 0:authorizer 0:auditor 1:receptionist; do
    ask "$who" examples,coverage,fuzzing "$examples"
done
# Every other role, briefly: most of what it asks is refused, and that has to be documented too.
for who in 0:manager 0:quality_manager 0:viewer 0:client 0:integrator 1:technician 1:doctor; do
    ask "$who" examples,fuzzing 1
done
kill -0 "$server" || { echo "the server did not survive" >&2; exit 1; }
