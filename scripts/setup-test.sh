#!/usr/bin/env bash
# Installs what the tests need beyond Rust and Node: Debian packages (as root on Debian) and a Python environment in
# ~/.cache/attest/venv. Running it again when everything is there takes a second and changes nothing.
set -u
cd "$(dirname "$0")/.."

# program that must exist -> Debian package that brings it
packages=(
    "chromium chromium"
    "/usr/lib/postgresql/15/bin/initdb postgresql-15"
    "psql postgresql-client-15"
    "pdftoppm poppler-utils"
    "pdfsig poppler-utils"
    "qpdf qpdf"
    "zbarimg zbar-tools"
    "certutil libnss3-tools"
    "javac default-jdk-headless"
    "/usr/share/java/jaxb-runtime.jar libjaxb-java"
    "cc build-essential"
    "perl perl"
    "curl curl"
)
missing() {
    local entry need
    for entry in "${packages[@]}"; do
        need=${entry% *}
        case $need in
            /*) [ -e "$need" ] || echo "${entry#* }" ;;
            *) command -v "$need" >/dev/null 2>&1 || echo "${entry#* }" ;;
        esac
    done | sort -u
}
# A python that cannot make environments has no ensurepip (Debian puts it into python3-venv).
python3 -c 'import ensurepip, venv' 2>/dev/null || packages+=("/usr/share/doc/python3-venv python3-venv")

lacking=$(missing)
if [ -n "$lacking" ]; then
    echo "to install:" $lacking
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
        echo "cannot install: that takes root on Debian. Install these by hand and run again:" $lacking >&2
        exit 1
    fi
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q </dev/null || echo "apt-get update failed; trying with the lists that are here" >&2
    # shellcheck disable=SC2086  # a list of package names
    if ! apt-get install -y -q --no-install-recommends $lacking </dev/null; then
        echo "retrying once, after repairing half-installed packages" >&2
        apt-get -f install -y -q </dev/null
        # shellcheck disable=SC2086
        apt-get install -y -q --no-install-recommends $lacking </dev/null
    fi
    lacking=$(missing)
    if [ -n "$lacking" ]; then
        echo "still missing after the installation:" $lacking >&2
        exit 1
    fi
fi

venv=${TEST_VENV:-$HOME/.cache/attest/venv}
wanted=$(sha256sum tests/python/requirements.txt | cut -d' ' -f1)
if [ "$(cat "$venv/.attest-requirements" 2>/dev/null)" != "$wanted" ]; then
    [ -x "$venv/bin/pip" ] || python3 -m venv "$venv" || { echo "cannot make a Python environment in $venv" >&2; exit 1; }
    for attempt in 1 2; do
        if "$venv/bin/pip" install -q --disable-pip-version-check -r tests/python/requirements.txt </dev/null; then
            echo "$wanted" >"$venv/.attest-requirements"
            break
        fi
        [ "$attempt" -eq 1 ] || { echo "pip could not install tests/python/requirements.txt" >&2; exit 1; }
    done
fi
# The identity provider that single sign-on is tested against.
wanted=$(sha256sum tests/sign-on/package-lock.json | cut -d' ' -f1)
if [ "$(cat tests/sign-on/node_modules/.installed 2>/dev/null)" != "$wanted" ]; then
    npm ci --prefix tests/sign-on --no-audit --no-fund --loglevel=error </dev/null \
        || { echo "npm could not install the packages of tests/sign-on" >&2; exit 1; }
    echo "$wanted" >tests/sign-on/node_modules/.installed
fi
tests/validators/setup.sh >/dev/null || { echo "the document validators could not be set up" >&2; exit 1; }
echo "test tools are in place (Python ones in $venv)"
