"""Logs schemathesis in as one person of the demonstration, renews the token, and raises the session again and again."""

import json
import os
import urllib.request

import schemathesis


def _post(path, body, token=None):
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(
        os.environ["DEMO_URL"] + "/api/v1" + path, data=json.dumps(body).encode(), headers=headers
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


@schemathesis.auth(refresh_interval=120)
class Person:
    """Bearer token of the one person who holds the role under test."""

    def get(self, case, context):
        with open(os.environ["DEMO_CREDENTIALS"], encoding="utf-8") as file:
            laboratory = json.load(file)["laboratories"][int(os.environ["DEMO_LABORATORY"])]
        role = os.environ["DEMO_ROLE"]
        user = next(user for user in laboratory["users"] if role in user["roles"])
        login = {"email": user["email"], "password": user["password"], "laboratory": laboratory["slug"]}
        token = _post("/auth/login", login)["access_token"]
        _post("/auth/reauthenticate", {"password": user["password"]}, token)
        return token

    def set(self, case, data, context):
        case.headers = case.headers or {}
        case.headers["Authorization"] = f"Bearer {data}"
