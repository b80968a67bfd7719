#!/bin/sh
# check_tamper.sh ROOT.pem FILE.pdf
# Flips one byte in the page content, an attachment, the metadata, the file's
# trailer, the signed digest and the signature value, and demands that pyHanko
# rejects every copy. The untouched file must pass, or the test proves nothing.
set -eu

root="$1"
pdf="$2"
here="$(cd "$(dirname "$0")" && pwd)"
cache="${ATTEST_CACHE:-$HOME/.cache/attest}/validators"
[ -e "$cache/classpath" ] || "$here/setup.sh" >/dev/null
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

"$here/check_pdf.sh" --signature-only "$root" "$pdf" >/dev/null || {
    echo "$(basename "$pdf"): the untouched file is rejected"
    exit 1
}
"$cache/venv/bin/python" "$here/flip.py" "$pdf" "$work"
rejected=0
for copy in "$work"/*.pdf; do
    if "$here/check_pdf.sh" --signature-only "$root" "$copy" >/dev/null 2>&1; then
        echo "$(basename "$pdf"): ACCEPTED although a byte was flipped in $(basename "$copy" .pdf)"
        exit 1
    fi
    rejected=$((rejected + 1))
done
[ "$rejected" -ge 6 ] || { echo "only $rejected copies were made"; exit 1; }
echo "$(basename "$pdf"): all $rejected tampered copies rejected"
