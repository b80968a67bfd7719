#!/bin/sh
# Makes the sample documents and validates every one of them: signature, PDF/A,
# PDF/UA, QR code; then tampered copies of a report and of an audit export.
set -eu

here="$(cd "$(dirname "$0")" && pwd)"
out="$(mktemp -d)"
trap 'rm -rf "$out"' EXIT

"$here/setup.sh" >/dev/null
# The whole workspace, as everywhere: with other features the typesetter would be compiled once more.
cd "$here/../.."
cargo build --quiet --release --workspace --locked --example sample_report
"${CARGO_TARGET_DIR:-target}/release/examples/sample_report" "$out"
for pdf in "$out"/*-??.pdf; do
    url="${pdf%.pdf}.url"
    if [ -e "$url" ]; then
        "$here/check_pdf.sh" "$out/root.pem" "$pdf" "$(cat "$url")"
    else
        "$here/check_pdf.sh" "$out/root.pem" "$pdf"
    fi
done
"$here/check_pdf.sh" --unsigned "$out/root.pem" "$out/draft-en.unsigned.pdf"
"$here/check_tamper.sh" "$out/root.pem" "$out/medical-pl.pdf"
"$here/check_tamper.sh" "$out/root.pem" "$out/audit-en.pdf"
