#!/usr/bin/env bash
# Browser tests: Debian's Chromium against the real server with the demonstration in a folder of its own. Arguments name
# the stories to run (a file of stories/, or --test-name-pattern=…); UPDATE_IMAGES=1 writes docs/images anew. DEMO_URL and
# DEMO_CREDENTIALS together name a server that already runs. The last line is `browser: N passed, N failed`.
set -euo pipefail
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)

wanted=$(sha256sum package-lock.json | cut -d' ' -f1)
if [ "$(cat node_modules/.installed 2>/dev/null || true)" != "$wanted" ]; then
    npm ci --no-audit --no-fund --loglevel=error
    echo "$wanted" >node_modules/.installed
fi

if [ -z "${DEMO_URL:-}" ]; then
    work=$(mktemp -d "${TMPDIR:-/tmp}/attest-web.XXXXXX")
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
            # The closing line comes last also when there was something to tell about the server.
            [ -z "${closing:-}" ] || echo "$closing"
        fi
        rm -rf "$work"
    }
    trap finish EXIT
    port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
    export DEMO_URL="http://127.0.0.1:$port" DEMO_CREDENTIALS="$work/data/demo-credentials.json"
    # An identity provider and a webhook's receiver of a story listen on this machine.
    env -u DATABASE_URL ATTEST_SIGN_ON_PRIVATE_NETWORKS=true ATTEST_WEBHOOK_PRIVATE_NETWORKS='["127.0.0.0/8"]' "$root/target/release/attest" serve --demo --data-dir "$work/data" --listen "127.0.0.1:$port" \
        </dev/null >"$work/server.log" 2>&1 &
    server=$!
    for _ in $(seq 600); do
        curl -fsS -o /dev/null "$DEMO_URL/health/ready" 2>/dev/null && break
        kill -0 "$server" 2>/dev/null || { echo "the server ended before it was ready" >&2; exit 1; }
        sleep 0.2
    done
    curl -fsS -o /dev/null "$DEMO_URL/health/ready"
fi

stories=() options=()
for argument in "$@"; do
    case $argument in -*) options+=("$argument") ;; *) stories+=("$argument") ;; esac
done
[ ${#stories[@]} -gt 0 ] || stories=(stories/*.test.mjs)
mkdir -p output
set +e
node --test --test-concurrency="${WEB_WORKERS:-3}" --test-reporter=./support/reporter.mjs --test-reporter-destination=stdout \
    ${options[@]+"${options[@]}"} "${stories[@]}" | tee output/last-run.txt
status=${PIPESTATUS[0]}
set -e
closing=$(tail -n 1 output/last-run.txt)
exit "$status"
