#!/usr/bin/env bash
# Writes openapi/attest.json from the program itself; the file is committed, and a test fails when the two differ.
set -euo pipefail
cd "$(dirname "$0")/.."
target/release/attest openapi >openapi/attest.json.new
mv openapi/attest.json.new openapi/attest.json
