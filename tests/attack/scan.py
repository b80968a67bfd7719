"""Wapiti over every operation of the document and the SPA, and sslyze on the TLS port: each has to find what is there to be found
on a page, or a port, that has a hole, and nothing on ours.

DEMO_URL and DEMO_CREDENTIALS name the server (scripts/with-demo.sh); the TLS port is one of its own.
"""

import datetime
import http.server
import ipaddress
import json
import os
import pathlib
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from scene import People, serve

ATTEST = pathlib.Path(__file__).parents[2] / "target/release/attest"
SECONDS = os.environ.get("ATTACK_SECONDS", "8")
"""For each of Wapiti's modules."""


class Mirror(http.server.BaseHTTPRequestHandler):
    """A page that says back what it is told."""

    def do_GET(self):
        said = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query).get("q", [""])[0]
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(f"<!doctype html><title>Mirror</title><p>{said}</p>".encode())

    def log_message(self, *_):
        pass


def wapiti(folder, url, *more):
    """What was found: category to number, and how many resources were looked at."""
    report = os.path.join(folder, "report.json")
    call = [
        "wapiti", "-u", url, "--scope", "folder", "--flush-session", "--store-session", folder, "--no-bugreport", "-v", "1",
        "--max-attack-time", SECONDS, "-f", "json", "-o", report, *more,
    ]  # fmt: skip
    done = subprocess.run(call, capture_output=True, text=True, timeout=280, stdin=subprocess.DEVNULL, check=False)
    if not os.path.exists(report):
        sys.exit(f"Wapiti wrote no report:\n{done.stdout}\n{done.stderr}")
    with open(report, encoding="utf-8") as file:
        said = json.load(file)
    found = {kind: items for part in ("vulnerabilities", "anomalies") for kind, items in said[part].items() if items}
    return found, said["infos"]["crawled_pages_nbr"]


def pages():
    """Nothing on ours, and something on a page that has something."""
    with tempfile.TemporaryDirectory() as folder:
        found, _ = wapiti(folder, serve(Mirror) + "/?q=hello", "-m", "xss")
    if not any("XSS" in kind or "Scripting" in kind for kind in found):
        sys.exit(f"Wapiti does not see that a page says back what it is told: {found}")
    print("Wapiti finds the hole of the control page", flush=True)

    base = os.environ["DEMO_URL"]
    people = People(base, os.environ["DEMO_CREDENTIALS"])
    for who in ("0:analyst", "1:receptionist"):
        with tempfile.TemporaryDirectory() as folder:
            token = people.sign_in(who)
            found, looked_at = wapiti(
                folder, base + "/", "--swagger", base + "/api/v1/openapi.json", "-H", f"Authorization: Bearer {token}",
                "--max-scan-time", "60",
            )  # fmt: skip
        if looked_at < 50:
            sys.exit(f"Wapiti looked at {looked_at} resources only")
        print(f"Wapiti as {who}: {looked_at} resources, {sum(map(len, found.values()))} findings", flush=True)
        if found:
            sys.exit(json.dumps(found, indent=1)[:6000])


def certificate(folder):
    """A certificate for localhost, of an authority that only this run knows."""

    def issue(name, issuer, key, signed_by, authority):
        now = datetime.datetime.now(datetime.UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(days=30))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signed_by.public_key()), critical=False)
        )
        uses = dict.fromkeys(
            ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False
        )
        usage = x509.KeyUsage(digital_signature=not authority, key_cert_sign=authority, crl_sign=authority, **uses)
        builder = builder.add_extension(usage, critical=True)
        if not authority:
            names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
            purpose = x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.SERVER_AUTH])
            builder = builder.add_extension(purpose, critical=False)
        return builder.sign(signed_by, hashes.SHA256())

    def named(text):
        return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])

    root, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = issue(named("Test authority"), named("Test authority"), root, root, True)
    leaf = issue(named("localhost"), named("Test authority"), key, root, False)
    pem = serialization.Encoding.PEM
    files = {
        "ca.pem": authority.public_bytes(pem),
        "cert.pem": leaf.public_bytes(pem) + authority.public_bytes(pem),
        "key.pem": key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
    }
    for name, content in files.items():
        path = os.path.join(folder, name)
        with open(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), "wb") as file:
            file.write(content)


def sslyze(folder, port):
    """Whether the port keeps to Mozilla's "intermediate" profile, and what sslyze says."""
    call = [
        "sslyze", "--mozilla_config=intermediate", "--certinfo_ca_file", os.path.join(folder, "ca.pem"), f"localhost:{port}",
    ]  # fmt: skip
    done = subprocess.run(call, capture_output=True, text=True, timeout=200, stdin=subprocess.DEVNULL, check=False)
    return done.returncode == 0 and "OK - Compliant" in done.stdout, done.stdout + done.stderr


def weak_port(folder):
    """A port with what nobody should offer any more, and an old TLS in front of it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem"))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE-ECDSA-AES128-SHA@SECLEVEL=0")
    listener = socket.create_server(("127.0.0.1", 0))

    def answer(connection):
        try:
            context.wrap_socket(connection, server_side=True).close()
        except OSError:
            connection.close()

    def accept():
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=answer, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1]


def transport():
    """A public scanner finds nothing (ATT-38)."""
    with tempfile.TemporaryDirectory() as folder:
        certificate(folder)
        compliant, said = sslyze(folder, weak_port(folder))
        if compliant or "cipher" not in said.rpartition("Not compliant")[2]:
            sys.exit(f"sslyze has nothing against the suites of a port with old ones:\n{said}")
        print("sslyze sees the weak control port", flush=True)

        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        settings = {
            **os.environ,
            "ATTEST_TLS_CERT": os.path.join(folder, "cert.pem"),
            "ATTEST_TLS_KEY": os.path.join(folder, "key.pem"),
        }
        settings.pop("DATABASE_URL", None)
        call = [ATTEST, "serve", "--data-dir", os.path.join(folder, "data"), "--listen", f"127.0.0.1:{port}"]
        with open(os.path.join(folder, "log"), "w", encoding="utf-8") as log:
            server = subprocess.Popen(call, env=settings, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            for _ in range(300):
                time.sleep(0.1)
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
            compliant, said = sslyze(folder, port)
        finally:
            server.terminate()
            server.wait(timeout=30)
        if not compliant:
            sys.exit(f"sslyze:\n{said}")
        print('sslyze: compliant with Mozilla\'s "intermediate" profile', flush=True)


if __name__ == "__main__":
    transport()
    pages()
