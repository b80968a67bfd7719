import { describe, expect, it, vi } from "vitest";
import { call, onReachability, onSessionEnd, setCsrfToken } from "@/api/client";
import { IdempotencyKeys } from "@/api/idempotency";
import { NetworkError } from "@/api/problems";
import { anna, api, http, HttpResponse, problem, server } from "./server";

const body = { client_id: "c1", sample_type_id: "t1" };

describe("a dead access cookie", () => {
  it("is refreshed once for however many calls meet it, and the calls are repeated", async () => {
    let refreshes = 0;
    let alive = false;
    server.use(
      http.post(api("/auth/refresh"), async () => {
        refreshes++;
        await new Promise((done) => setTimeout(done, 20));
        alive = true;
        return HttpResponse.json({ expires_in: 900, csrf_token: "csrf-2", user: anna });
      }),
      http.get(api("/work"), () => (alive ? HttpResponse.json({ to_receive: 3 }) : problem(401, "unauthenticated"))),
      http.get(api("/me"), () => (alive ? HttpResponse.json(anna) : problem(401, "unauthenticated"))),
    );
    const [work, me] = await Promise.all([call("GET /work", {}), call("GET /me", {})]);
    expect(work.to_receive).toBe(3);
    expect(me.name).toBe("Anna Kowalczyk");
    expect(refreshes).toBe(1);
  });

  it("ends the session when it cannot be refreshed", async () => {
    const ended = vi.fn<() => void>();
    const stop = onSessionEnd(ended);
    server.use(
      http.post(api("/auth/refresh"), () => problem(401, "unauthenticated")),
      http.get(api("/work"), () => problem(401, "unauthenticated")),
    );
    await expect(call("GET /work", {})).rejects.toMatchObject({ status: 401, slug: "unauthenticated" });
    expect(ended).toHaveBeenCalledOnce();
    stop();
  });

  it("does not refresh for a wrong password", async () => {
    const refresh = vi.fn<() => void>();
    server.use(
      http.post(api("/auth/refresh"), () => {
        refresh();
        return problem(401, "unauthenticated");
      }),
      http.post(api("/auth/login"), () => problem(401, "invalid-credentials")),
    );
    await expect(call("POST /auth/login", { body: { email: "a@b.c", password: "x" } })).rejects.toMatchObject({
      slug: "invalid-credentials",
    });
    expect(refresh).not.toHaveBeenCalled();
  });
});

describe("the CSRF token", () => {
  it("is sent with changes, never with reads, and fetched again when another tab renewed it", async () => {
    const seen: (string | null)[] = [];
    setCsrfToken("old");
    server.use(
      http.get(api("/work"), ({ request }) => {
        seen.push(request.headers.get("x-csrf-token"));
        return HttpResponse.json({});
      }),
      http.get(api("/me"), () => HttpResponse.json({ ...anna, csrf_token: "new" })),
      http.post(api("/samples"), ({ request }) => {
        const token = request.headers.get("x-csrf-token");
        seen.push(token);
        return token === "new" ? HttpResponse.json({ id: "s1" }, { status: 201 }) : problem(403, "csrf");
      }),
    );
    await call("GET /work", {});
    await call("POST /samples", { body });
    expect(seen).toEqual([null, "old", "new"]);
  });
});

describe("the Idempotency-Key", () => {
  it("stays the same while no definite answer came, and changes afterwards", async () => {
    const keys: (string | null)[] = [];
    const answers = [
      () => HttpResponse.error(),
      () => problem(503, "unavailable"),
      () => HttpResponse.json({ id: "s1" }, { status: 201 }),
      () => HttpResponse.json({ id: "s2" }, { status: 201 }),
    ];
    server.use(
      http.post(api("/samples"), ({ request }) => {
        keys.push(request.headers.get("idempotency-key"));
        return answers[keys.length - 1]?.() ?? HttpResponse.error();
      }),
    );
    await expect(call("POST /samples", { body })).rejects.toBeInstanceOf(NetworkError);
    await expect(call("POST /samples", { body })).rejects.toMatchObject({ status: 503 });
    await call("POST /samples", { body });
    await call("POST /samples", { body });
    expect(keys[0]).toBeTruthy();
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).toBe(keys[0]);
    expect(keys[3]).not.toBe(keys[0]);
  });

  it("differs for another body and is forgotten after its lifetime", () => {
    const keys = new IdempotencyKeys(1000);
    const first = keys.keyFor("a", 0);
    expect(keys.keyFor("a", 999)).toBe(first);
    expect(keys.keyFor("b", 0)).not.toBe(first);
    expect(keys.keyFor("a", 1001)).not.toBe(first);
  });

  it("is not sent to the authentication operations", async () => {
    let key: string | null = "unset";
    server.use(
      http.post(api("/auth/logout"), ({ request }) => {
        key = request.headers.get("idempotency-key");
        return new HttpResponse(null, { status: 204 });
      }),
    );
    await call("POST /auth/logout", {});
    expect(key).toBeNull();
  });
});

it("sends the version that was looked at as If-Match, and paths and filters encoded", async () => {
  let seen: { etag: string | null; url: string } | null = null;
  server.use(
    http.post(api("/samples/:id/receive"), ({ request }) => {
      seen = { etag: request.headers.get("if-match"), url: new URL(request.url).pathname };
      return HttpResponse.json({ id: "x" });
    }),
  );
  await call("POST /samples/{id}/receive", { path: { id: "a/b" }, body: { condition: "acceptable" } }, { version: 7 });
  expect(seen).toEqual({ etag: '"7"', url: "/api/v1/samples/a%2Fb/receive" });

  let query = "";
  server.use(
    http.get(api("/samples"), ({ request }) => {
      query = new URL(request.url).search;
      return HttpResponse.json({ items: [], next: null });
    }),
  );
  await call("GET /samples", { query: { status: "registered,received", q: "W 1&2", client_id: undefined, limit: 50 } });
  expect(query).toBe("?status=registered%2Creceived&q=W+1%262&limit=50");
});

it("tells the screens when the server is away and when it is back", async () => {
  const heard: boolean[] = [];
  const stop = onReachability((reachable) => heard.push(reachable));
  server.use(http.get(api("/work"), () => HttpResponse.error()));
  await expect(call("GET /work", {})).rejects.toBeInstanceOf(NetworkError);
  server.use(http.get(api("/work"), () => HttpResponse.json({})));
  await call("GET /work", {});
  stop();
  expect(heard).toEqual([false, true]);
});
