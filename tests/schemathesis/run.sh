#!/usr/bin/env bash
# Schemathesis against the real server, with the real tokens of people with different rights, bounded and repeatable.
# It must find no 5xx, no undocumented status, content type or shape. Arguments are handed on to schemathesis.
set -euo pipefail
cd "$(dirname "$0")/../.."
if [ -z "${DEMO_URL:-}" ]; then exec scripts/with-demo.sh "$0" "$@"; fi
venv=${TEST_VENV:-$HOME/.cache/attest/venv}
examples=${SCHEMATHESIS_EXAMPLES:-6}
document=$PWD/openapi/attest.json

export SCHEMATHESIS_HOOKS=hooks
export PYTHONPATH="$PWD/tests/schemathesis"
# Schemathesis leaves a folder of its own where it is started.
cd "$(dirname "$DEMO_CREDENTIALS")"
# Logging in and out is left out: it would end the very session this runs on (tests/tests/stories/access.rs has it).
ask() { # as whom (laboratory 0 water, 1 medical; role), phases, examples
    export DEMO_LABORATORY=${1%%:*} DEMO_ROLE=${1#*:}
    echo
    echo "as $DEMO_ROLE"
    "$venv/bin/schemathesis" run "$document" --url "$DEMO_URL" \
        --phases "$2" --max-examples "$3" --generation-deterministic --no-shrink \
        --request-timeout 20 --continue-on-failure --no-color --warnings off \
        --suppress-health-check all \
        --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance \
        --exclude-path-regex '/auth/|/bootstrap$|/end-sessions$|/deactivate$|/reset-password$|/reset-second-factor$' "${more[@]}"
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
