#!/bin/sh
# check_pdf.sh [--signature-only|--unsigned] ROOT.pem FILE.pdf [EXPECTED-QR-TEXT]
# Validates one signed PDF with independent tools. Exits non-zero and says what
# is wrong at the first thing that is. --signature-only leaves out PDF/A,
# PDF/UA and the QR code; --unsigned leaves out the signature (drafts).
set -eu

only_signature=no
signed=yes
case "$1" in
    --signature-only) only_signature=yes; shift ;;
    --unsigned) signed=no; shift ;;
esac
root="$1"
pdf="$2"
expected_qr="${3:-}"
cache="${ATTEST_CACHE:-$HOME/.cache/attest}/validators"
[ -e "$cache/classpath" ] || "$(dirname "$0")/setup.sh" >/dev/null
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

say() { printf '%s: %s\n' "$(basename "$pdf")" "$1"; }
fail() {
    say "REJECTED by $1"
    [ ! -s "$work/out" ] || sed 's/^/    /' "$work/out"
    exit 1
}

check_signature() {
    # pyHanko: integrity, chain to the given root, nothing but our revision.
    "$cache/venv/bin/pyhanko" sign validate --no-revocation-check --trust "$root" --trust-replace \
        --pretty-print "$pdf" > "$work/out" 2>&1 || fail pyhanko
    grep -q "The signature is judged VALID" "$work/out" || fail pyhanko
    say "pyHanko: valid, trusted, integrity intact"

    # pdfsig exits 0 even on a broken digest, so its words are read.
    mkdir "$work/nss"
    certutil -N --empty-password -d "sql:$work/nss"
    certutil -A -d "sql:$work/nss" -n root -t "CT,C,C" -i "$root"
    pdfsig -nssdir "sql:$work/nss" "$pdf" > "$work/out" 2>&1 || fail pdfsig
    grep -q "Total document signed" "$work/out" || fail "pdfsig (not the total document signed)"
    grep -q "Signature Validation: Signature is Valid" "$work/out" || fail "pdfsig (signature)"
    grep -q "Certificate Validation: Certificate is Trusted" "$work/out" || fail "pdfsig (certificate)"
    say "pdfsig: total document signed, signature valid, certificate trusted"
}
[ "$signed" = no ] || check_signature

qpdf --check "$pdf" > "$work/out" 2>&1 || fail qpdf
say "qpdf: structure sound"
[ "$only_signature" = no ] || exit 0

java -cp "$(cat "$cache/classpath")" VeraCheck 3a,ua1 "$pdf" > "$work/out" 2> "$work/err" || fail veraPDF
say "veraPDF: $(paste -sd';' "$work/out")"

if [ -n "$expected_qr" ]; then
    pdftoppm -r 200 -f 1 -l 1 -png "$pdf" "$work/page"
    zbarimg --quiet --raw "$work"/page-*.png > "$work/out" 2>/dev/null || fail "zbarimg (no code found)"
    grep -Fxq "$expected_qr" "$work/out" || fail "zbarimg (another code)"
    say "zbarimg: $expected_qr"
fi
