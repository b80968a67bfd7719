#!/usr/bin/env bash
# run.sh [WORD…]  Attackers' standard tools against the real server, on loopback and bounded: sqlmap on every class of parameter,
# on both engines; Wapiti on every operation; sslyze on the TLS port. Each has to find a hole that was made for it first.
# ATTACK_LEVEL (1 to 5) is sqlmap's, ATTACK_SECONDS is for each of Wapiti's modules; with WORDs only sqlmap runs, and only on
# targets whose name contains one.
set -euo pipefail
cd "$(dirname "$0")/../.."
if [ -z "${TEST_DATABASE_URL:-}" ]; then exec scripts/with-postgres.sh "$0" "$@"; fi

venv=${ATTACK_VENV:-$HOME/.cache/attest/attack-venv}
wanted=$(sha256sum tests/attack/requirements.txt | cut -d' ' -f1)
if [ "$(cat "$venv/.attest-requirements" 2>/dev/null)" != "$wanted" ]; then
    [ -x "$venv/bin/pip" ] || python3 -m venv "$venv"
    "$venv/bin/pip" install -q --disable-pip-version-check -r tests/attack/requirements.txt </dev/null
    echo "$wanted" >"$venv/.attest-requirements"
fi
export PATH=$venv/bin:$PATH

# Some are attacked from many addresses, which a proxy tells of (inject.py).
export ATTEST_TRUSTED_PROXIES="[127.0.0.1]"
if [ $# -eq 0 ]; then scripts/with-demo.sh python tests/attack/scan.py; fi
scripts/with-demo.sh python tests/attack/inject.py SQLite "$@"
DEMO_ENGINE=PostgreSQL scripts/with-demo.sh python tests/attack/inject.py PostgreSQL "$@"
