"""What sqlmap is let loose on: each class of parameter once, with real values, as somebody who may use the operation.

Query and path parameters come from the OpenAPI document itself, so that a new one is attacked without anybody thinking of it;
a class is a name with its type. Bodies and headers are chosen by hand, for each a value that gets as far as the database.
"""

import json
import re
from dataclasses import dataclass, field

MARK = "*"
"""Where sqlmap puts what it sends."""


@dataclass
class Target:
    """One request with its marks."""

    name: str
    who: str
    url: str
    method: str = "GET"
    body: str | None = None
    headers: dict = field(default_factory=dict)
    expected: tuple = ()
    """Refusals that are this request's ordinary answers, beside 400, 404, 409, 412, 422 (sqlmap stops at some of them)."""
    elsewhere: bool = False
    """Each request from another address, as an attacker with many would do: from one they are soon answered late, or 429."""


def from_document(document, people):
    """A target for each class of query and path parameter."""
    seen, found = set(), []
    for path, operations in document["paths"].items():
        operation = operations.get("get")
        if operation is None or "/auth/" in path or path.startswith("/public/"):
            continue
        who = people.who_may(operation.get("x-permission"))
        if who is None:
            continue
        new = []
        for parameter in operation.get("parameters", []):
            kind = (parameter["in"], parameter["name"], json.dumps(parameter["schema"], sort_keys=True))
            if parameter["in"] in ("query", "path") and kind not in seen:
                seen.add(kind)
                new.append(parameter)
        if not new:
            continue
        marked = {parameter["name"] for parameter in new}
        url = re.sub(
            r"\{(\w+)\}",
            lambda part: people.value(path, part[1]) + (MARK if part[1] in marked else ""),
            path,
        )
        query = [f"{parameter['name']}={people.value(path, parameter['name'])}{MARK}" for parameter in new if parameter["in"] == "query"]
        found.append(Target(f"{path} {', '.join(sorted(marked))}", who, "?".join([url, "&".join(query)]).rstrip("?")))
    return found


def by_hand(people):
    """Bodies and headers that get as far as the database."""
    order, sample, result = (people.first("0:analyst", f"/api/v1/{kind}") for kind in ("orders", "samples", "results"))
    client = people.first("0:manager", "/api/v1/clients")
    user = people.first("0:administrator", "/api/v1/users")

    def send(who, path, body, method="POST", **more):
        return Target(f"{method} {path} (body)", who, "/api/v1" + path, method, json.dumps(body), **more)

    def head(name, value, path="/api/v1/samples?limit=1", who="0:analyst", **more):
        return Target(f"header {name}", who, path, headers={name: value + MARK}, **more)

    return [
        send("1:receptionist", "/patients/search", {"q": "kowal*", "limit": 5}),
        send("0:manager", "/clients", {"name": "Mill*", "code": "M7*"}),
        send("0:analyst", "/orders", {"client_id": client["id"], "external_id": "A-1*", "requester": "Lab*", "samples": []}),
        send("0:analyst", f"/samples/{sample['id']}/reject", {"reason": "broken*"}),
        send("0:analyst", f"/samples/{sample['id']}/results", {"test_ids": [result["test"]["id"] + MARK]}),
        send("0:analyst", f"/results/{result['id']}/enter", {"value": "0.05*", "remark": "again*", "reason": "typo*"}),
        send("0:analyst", "/results/enter", {"items": [{"result_id": result["id"] + MARK, "value": "1*"}]}),
        send("0:authorizer", "/results/verify", {"result_ids": [result["id"] + MARK]}),
        send("0:authorizer", "/reports", {"sample_ids": [sample["id"] + MARK], "remarks": "none*"}),
        send("0:analyst", f"/orders/{order['id']}/cancel", {"reason": "not wanted*"}),
        send("0:administrator", "/users", {"email": "a*@riverside.example", "name": "A*", "role_ids": [user["id"]]}),
        send("0:administrator", "/roles", {"name": "Night shift*", "permissions": ["sample:read*"]}, expected=(403,)),
        send("0:administrator", "/service-accounts", {"name": "Robot*", "owner_id": user["id"], "role_ids": []}),
        send("0:auditor", "/audit/exports", {"kind": "selection*", "from": "2026-01-01T00:00:00Z*"}),
        send("", "/auth/login", {"email": "ana*@riverside.example", "password": "Wrong-77"}, expected=(401,), elsewhere=True),
        send("", "/auth/login", {"email": "a@b.example", "password": "Wrong-77", "laboratory": "river*"}, expected=(401,), elsewhere=True),
        send("", "/auth/refresh", {"refresh_token": "att_r_abc*"}, expected=(401,)),
        send("", "/auth/password-reset", {"email": "a*@riverside.example"}, elsewhere=True),
        send("", "/auth/password-reset/inspect", {"token": "att_o_abc*"}, elsewhere=True),
        Target("GET /public/reports/{code}", "", "/public/reports/AAAA-BBBB-CCCC*", elsewhere=True),
        Target("GET /auth/sign-on laboratory", "", "/api/v1/auth/sign-on?laboratory=river*", elsewhere=True),
        head("If-Match", '"1', f"/api/v1/samples/{sample['id']}"),
        head("X-Request-Id", "attack-1"),
        head("User-Agent", "sqlmap"),
        head("Accept-Language", "pl"),
        head("X-Forwarded-For", "198.51.100.7"),
        head("Cookie", "__Host-attest_access=eyJhbGciOiJFZERTQSJ9", who="", expected=(401,)),
        head("Authorization", "Bearer att_s_abc", who="", expected=(401,)),
    ]
