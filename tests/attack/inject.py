"""Lets sqlmap loose on a running server: every class of parameter, every technique, with the database's name told in advance.

Before that, the same call has to find the hole in a page that has one: an attacker that finds nothing anywhere shows nothing.

    inject.py SQLite|PostgreSQL [WORD…]      only targets whose name contains a WORD

DEMO_URL and DEMO_CREDENTIALS name the server (scripts/with-demo.sh).
"""

import concurrent.futures
import http.client
import http.server
import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import urllib.parse

import targets
from scene import People, serve

LEVEL = os.environ.get("ATTACK_LEVEL", "1")
ORDINARY = (400, 404, 409, 412, 422)
"""What a server may say to a value it does not want."""


class Hole(http.server.BaseHTTPRequestHandler):
    """A page with the hole that is looked for, in a query parameter, a JSON body and a header."""

    def answer(self, value):
        database = sqlite3.connect(":memory:")
        database.execute("CREATE TABLE samples (number TEXT)")
        database.executemany("INSERT INTO samples VALUES (?)", [(f"26-{number:05}",) for number in range(20)])
        try:
            rows = database.execute(f"SELECT number FROM samples WHERE number = '{value}'").fetchall()
            status, text = 200, json.dumps(rows)
        except sqlite3.Error:
            status, text = 422, "{}"
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(text.encode())

    def do_GET(self):
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        self.answer(query.get("q", [self.headers.get("If-Match", "")])[0])

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"{}")
        self.answer(body.get("q", ""))

    def log_message(self, *_):
        pass


class Elsewhere(http.server.BaseHTTPRequestHandler):
    """A proxy that the server believes, with another client behind it for each request."""

    server_url = urllib.parse.urlsplit(os.environ["DEMO_URL"])

    def pass_on(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("connection", "x-forwarded-for")}
        headers["X-Forwarded-For"] = f"10.{random.randrange(256)}.{random.randrange(256)}.{random.randrange(1, 255)}"
        connection = http.client.HTTPConnection(self.server_url.netloc, timeout=30)
        connection.request(self.command, self.path, body, headers)
        answer = connection.getresponse()
        text = answer.read()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.headers.get("Content-Type", "text/plain"))
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
        connection.close()

    do_GET = do_POST = pass_on

    def log_message(self, *_):
        pass


def attack(base, target, token, dbms):
    """What sqlmap says, and how many requests it made."""
    with tempfile.TemporaryDirectory() as folder:
        return attack_from(folder, base, target, token, dbms)


def attack_from(folder, base, target, token, dbms):
    traffic = os.path.join(folder, "traffic")
    ignored = [code for code in (401,) if code in target.expected] + list(ORDINARY)
    call = [
        "sqlmap", "-u", base + target.url, "--method", target.method, "--batch", "--disable-coloring", "--flush-session",
        "--dbms", dbms, "--level", LEVEL, "--risk", "3", "--technique", "BEUSTQ", "--time-sec", "2", "--output-dir", folder,
        "--ignore-code", ",".join(map(str, ignored)), "--skip", "user-agent,referer,host,cookie", "-t", traffic,
    ]  # fmt: skip
    if target.body is not None:
        call += ["--data", target.body, "-H", "Content-Type: application/json"]
    if token:
        call += ["-H", f"Authorization: Bearer {token}"]
    for name, value in target.headers.items():
        call += ["-H", f"{name}: {value}"]
    done = subprocess.run(call, capture_output=True, text=True, timeout=230, stdin=subprocess.DEVNULL, check=False)
    with open(traffic, encoding="utf-8", errors="replace") as file:
        requests = sum(line.startswith("HTTP request [") for line in file)
    return done.stdout + done.stderr, requests


def verdict(said, target, requests):
    """What is wrong; nothing when the attack was made, and in vain."""
    if "identified the following injection point" in said or "is vulnerable" in said:
        return "INJECTABLE"
    if "do not appear to be injectable" not in said:
        return "sqlmap did not come to an end"
    # Requests that a limit, a missing right or an error swallowed attacked nothing, and an error is one.
    for code, times in re.findall(r"^(\d{3}) \([^)]*\) - (\d+) times", said, re.MULTILINE):
        if int(code) not in ORDINARY + target.expected:
            return f"{times} answers were {code}"
    if requests < 20:
        return f"only {requests} requests"
    return None


def control():
    """The same calls find the hole where there is one."""
    base = serve(Hole)
    for target in (
        targets.Target("query", "", "/?q=26-00001*"),
        targets.Target("body", "", "/", "POST", '{"q": "26-00001*"}'),
        targets.Target("header", "", "/", headers={"If-Match": "26-00001*"}),
    ):
        said, _ = attack(base, target, None, "SQLite")
        if "identified the following injection point" not in said:
            sys.exit(f"sqlmap does not find the hole in the {target.name} of a page that has one:\n{said}")
    print("sqlmap finds the hole of the control page: in its query, its body and its header", flush=True)


def main():
    dbms, *words = sys.argv[1:]
    base = os.environ["DEMO_URL"]
    people = People(base, os.environ["DEMO_CREDENTIALS"])
    chosen = targets.from_document(people.ask("/api/v1/openapi.json"), people) + targets.by_hand(people)
    chosen = [target for target in chosen if not words or any(word in target.name for word in words)]
    failed, total = 0, 0

    proxy = serve(Elsewhere)

    def one(target):
        return target, *attack(proxy if target.elsewhere else base, target, people.token(target.who) if target.who else None, dbms)

    control()
    # Most of an attack is waiting, for sqlmap to start and for answers.
    with concurrent.futures.ThreadPoolExecutor(4) as several:
        for target, said, requests in several.map(one, chosen):
            wrong = verdict(said, target, requests)
            total += requests
            print(f"{'ok  ' if wrong is None else 'FAIL'} {requests:5} requests  {target.name}", wrong or "", flush=True)
            if wrong:
                failed += 1
                print("\n".join("     " + line for line in said.splitlines()[-12:]), flush=True)
    print(f"{dbms}: {len(chosen)} targets, {total} requests, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
