"""What every attack begins with: the people of the demonstration, whose logins the attacker has, and pages of the attacker's own."""

import http.server
import json
import threading
import time
import urllib.request


class People:
    """The people of the demonstration, and what they see."""

    def __init__(self, base, credentials):
        self.base = base
        with open(credentials, encoding="utf-8") as file:
            self.laboratories = json.load(file)["laboratories"]
        self.permissions, self.tokens = {}, {}
        for laboratory, role in ((0, "administrator"), (0, "manager"), (0, "analyst"), (0, "auditor"), (1, "receptionist")):
            who = f"{laboratory}:{role}"
            self.permissions[who] = set(self.get(who, "/api/v1/me")["permissions"])

    def ask(self, path, body=None, token=None):
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data=data, headers=headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
            return json.loads(text) if text else None

    def token(self, who):
        """A raised one, with at least four of its five minutes before it: longer than any one attack takes."""
        made, token = self.tokens.get(who, (0, None))
        if time.monotonic() - made > 60:
            token = self.sign_in(who)
            self.tokens[who] = time.monotonic(), token
        return token

    def sign_in(self, who):
        number, role = who.split(":")
        laboratory = self.laboratories[int(number)]
        user = next(user for user in laboratory["users"] if role in user["roles"])
        login = {"email": user["email"], "password": user["password"], "laboratory": laboratory["slug"]}
        token = self.ask("/api/v1/auth/login", login)["access_token"]
        self.ask("/api/v1/auth/reauthenticate", {"password": user["password"]}, token)
        return token

    def get(self, who, path):
        return self.ask(path, token=self.token(who))

    def first(self, who, path):
        return self.get(who, path + "?limit=1")["items"][0]

    def who_may(self, permission):
        """Somebody with this permission; nobody's business (a platform operator's, say) is left out."""
        if permission in ("public", "login"):
            return "0:analyst"
        return next((who for who, held in self.permissions.items() if permission in held), None)

    def value(self, path, name):
        """An ordinary value for a parameter: what is there, where something is."""
        if name in ("id", "session", "token") or name.endswith("_id"):
            return "01890a5d-ac96-774b-bcce-b302099a8057"
        return {
            "limit": "5",
            "index": "3",
            "level": "0",
            "from": "1" if "consistency" in path else "2026-01-01T00:00:00Z",
            "to": "5" if "consistency" in path else "2027-01-01T00:00:00Z",
            "left": "role:01890a5d-ac96-774b-bcce-b302099a8057",
            "right": "role:01890a5d-ac96-774b-bcce-b302099a8057",
            "updated_since": "2026-01-01T00:00:00Z",
            "received_from": "2026-01-01T00:00:00Z",
            "received_to": "2027-01-01T00:00:00Z",
            "active": "true",
            "critical": "true",
            "partial": "false",
            "format": "csv",
        }.get(name, "a")


def serve(handler):
    """A page of our own, on a free port for as long as the program runs: its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"
