// `npm run preview`: serves dist/ with the Content-Security-Policy of the real server over an invented laboratory, for
// looking at pages while the server is being worked on. KIND=medical shows the other kind; LOGIN=no starts signed out;
// API=http://127.0.0.1:8080 asks a running server instead.
import { createServer, request as forward } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { answerAccess, answerAtTheDoor, sessionState } from "./access.mjs";
import { answerRecords, recordsOf } from "./records.mjs";
import { id, world } from "./world.mjs";

const kind = process.env.KIND ?? "testing";
const port = Number(process.env.PORT ?? 5180);
const data = world(kind);
const dist = process.env.DIST ?? new URL("../../dist/", import.meta.url).pathname;
const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};
let signedIn = process.env.LOGIN !== "no";
let language = process.env.UI ?? "en";

const permissions =
  "sample:read sample:register sample:receive sample:reject sample:cancel sample:edit result:read result:enter result:verify result:return result:retract result:cancel result:export critical:notify report:read report:draft report:authorize report:release patient:read patient:manage client:read client:manage order:read order:create catalog:read user:read audit:read audit:export report:withdraw report:deliver user:manage role:manage settings:read settings:manage service_account:manage competence:manage".split(
    " ",
  );
const own = { role: id(), laboratory: id(), session: id() };
const me = () => ({
  id: data.people.anna.id,
  email: "anna.kowalczyk@water.example",
  name: "Anna Kowalczyk",
  title: "mgr",
  language,
  roles: [{ id: own.role, name: language === "pl" ? "Analityczka" : "Analyst" }],
  permissions,
  laboratory: {
    id: own.laboratory,
    slug: "water",
    name: kind === "medical" ? "Medical Laboratory Vistula" : "Black Earth Water Laboratory",
    kind,
    timezone: "Europe/Warsaw",
    demonstration: true,
  },
  session: { id: own.session, expires_at: data.ago(-600), idle_timeout_seconds: 43200, step_up_until: null },
  csrf_token: "preview",
  ...sessionState(data),
});
const page = (rows, query) => {
  const limit = Number(query.get("limit") ?? 50);
  const start = Number(query.get("after") ?? 0);
  return { items: rows.slice(start, start + limit), next: start + limit < rows.length ? String(start + limit) : null };
};
const contains = (query, ...texts) =>
  !query.get("q") || texts.some((text) => text?.toLowerCase().includes(query.get("q").toLowerCase()));
const problem = (status, slug, title, extra = {}) => ({
  status,
  body: { type: `/problems/${slug}`, title, status, detail: title, request_id: "preview-1", ...extra },
});
const sampleRows = (query) => {
  const statuses = query.get("status")?.split(",");
  return [...data.samples.values()].filter(
    (each) =>
      (!statuses || statuses.includes(each.status)) &&
      (!query.get("client_id") || each.client?.id === query.get("client_id")) &&
      contains(query, each.accession_number, each.client_reference),
  );
};
const fresh = (body) => {
  const first = [...data.samples.values()][7];
  const sample = {
    ...structuredClone(first),
    id: id(),
    accession_number: `W-26-00${4300 + data.samples.size}`,
    status: "registered",
    client_reference: body.client_reference ?? null,
    created_at: data.ago(0),
    collected_at: body.collected_at ?? null,
    received_at: null,
  };
  data.samples.set(sample.id, sample);
  return sample;
};
const receive = (sample, body) =>
  Object.assign(sample, {
    status: "received",
    received_at: data.ago(0),
    condition: body.condition,
    deviations: body.deviations ?? [],
    temperature_c: body.temperature_c ?? null,
    received_by: data.people.anna,
    has_deviation: body.condition !== "acceptable",
    version: sample.version + 1,
  });
const timeline = (sample) => [
  {
    at: sample.created_at,
    action: "sample.registered",
    actor: data.people.anna,
    sentence: `Anna Kowalczyk registered ${sample.accession_number} with 6 tests`,
    reason: null,
    index: 1204,
    event_id: id(),
  },
  ...(sample.received_at
    ? [
        {
          at: sample.received_at,
          action: "sample.received",
          actor: data.people.anna,
          sentence: `Anna Kowalczyk received it at 4.2 °C, condition ${sample.condition}`,
          reason: sample.condition_note,
          index: 1209,
          event_id: id(),
        },
      ]
    : []),
  ...(sample.counts.entered + sample.counts.verified
    ? [
        {
          at: sample.updated_at,
          action: "result.entered",
          actor: data.people.anna,
          sentence: "Anna Kowalczyk entered Lead, dissolved: 0.0121 mg/L",
          reason: null,
          index: 1215,
          event_id: id(),
        },
        {
          at: sample.updated_at,
          action: "result.corrected",
          actor: data.people.piotr,
          sentence: "Piotr Wiśniewski changed Lead, dissolved from 0.0210 to 0.0121 mg/L",
          reason: "Digits swapped when copying from the instrument",
          index: null,
          event_id: id(),
        },
      ]
    : []),
];

function answer(method, path, query, body) {
  const is = (pattern) => path.match(new RegExp(`^${pattern.replace(/\{\w+\}/g, "([^/]+)")}$`));
  let found;
  const signIn = () => {
    signedIn = true;
    return { status: 200, body: { expires_in: 900, csrf_token: "preview", user: me() } };
  };
  const atTheDoor = answerAtTheDoor({ method, path, body, problem, data, signIn });
  if (atTheDoor) return atTheDoor;
  if (path === "/auth/login") {
    if (body.password === "two" && !body.laboratory)
      return problem(409, "laboratory-required", "Choose", {
        laboratories: [
          { slug: "water", name: "Black Earth Water Laboratory" },
          { slug: "medical", name: "Medical Laboratory Vistula" },
        ],
      });
    if (body.password === "bad") return problem(401, "invalid-credentials", "No");
    return signIn();
  }
  if (path === "/auth/logout") return ((signedIn = false), { status: 204 });
  if (!signedIn) return problem(401, "unauthenticated", "Sign in");
  if (path === "/me") {
    if (body?.language) language = body.language;
    return { status: 200, body: me() };
  }
  if (path === "/work")
    return {
      status: 200,
      body: {
        to_receive: 58,
        to_enter: 173,
        to_verify: 41,
        to_authorize: 0,
        to_release: 3,
        critical_open: 2,
        overdue: 5,
        under_correction: 0,
      },
    };
  if (method === "GET") {
    if (path === "/samples") return { status: 200, body: page(sampleRows(query), query) };
    if (path === "/clients")
      return {
        status: 200,
        body: page(
          data.clients.filter((each) => contains(query, each.name, each.code)),
          query,
        ),
      };
    if (path === "/patients")
      return {
        status: 200,
        body: page(
          query.get("q")
            ? data.patients.filter((each) => contains(query, each.family_name, each.identifiers[0].value))
            : data.patients,
          query,
        ),
      };
    for (const [name, rows] of Object.entries({
      "sample-types": data.types,
      tests: data.tests,
      panels: data.panels,
      specifications: data.specifications,
      clients: data.clients,
      patients: data.patients,
      containers: [data.resource({ name: "HDPE bottle 1 L", volume: "1 L", additive: null })],
      locations: [data.resource({ name: "Fridge 2, shelf B", description: null })],
    })) {
      if (path === `/${name}`)
        return {
          status: 200,
          body: page(
            rows.filter((each) => contains(query, each.name, each.code)),
            query,
          ),
        };
      if ((found = is(`/${name}/{id}`))) {
        const one = rows.find((each) => each.id === found[1]);
        return one ? { status: 200, body: one } : problem(404, "not-found", "Not found");
      }
    }
    if ((found = is("/samples/by-accession/{n}"))) {
      const one = [...data.samples.values()].find((each) => each.accession_number === decodeURIComponent(found[1]));
      return one ? { status: 200, body: one } : problem(404, "not-found", "Not found");
    }
    if ((found = is("/samples/{id}/timeline")))
      return { status: 200, body: { items: timeline(data.samples.get(found[1])) } };
    if ((found = is("/samples/{id}"))) {
      const one = data.samples.get(found[1]);
      return one ? { status: 200, body: one } : problem(404, "not-found", "Not found");
    }
  }
  if (method === "POST") {
    if (path === "/samples")
      return body.client_reference === "bad"
        ? problem(422, "validation", "The sample cannot be registered", {
            errors: [
              { path: "client_reference", code: "taken", message: "This reference is already used." },
              { path: "collected_at", code: "future", message: "Lies in the future." },
            ],
          })
        : { status: 201, body: fresh(body) };
    if (path === "/samples/batch") return { status: 201, body: { items: body.items.map(fresh) } };
    if (path === "/samples/receive")
      return {
        status: 200,
        body: {
          items: body.items.map((each) => ({
            sample_id: each.sample_id,
            status: 200,
            sample: receive(data.samples.get(each.sample_id), each),
          })),
        },
      };
    if ((found = is("/samples/{id}/receive"))) return { status: 200, body: receive(data.samples.get(found[1]), body) };
    if ((found = is("/samples/{id}/reject")))
      return {
        status: 200,
        body: Object.assign(data.samples.get(found[1]), { status: "rejected", rejected_reason: body.reason }),
      };
    if ((found = is("/samples/{id}/cancel")))
      return { status: 200, body: Object.assign(data.samples.get(found[1]), { status: "cancelled" }) };
    if (path === "/patients") {
      const made = data.resource(body);
      const twins = data.patients.filter((each) => each.family_name === body.family_name);
      data.patients.push(made);
      return { status: 201, body: { ...made, possible_duplicates: twins } };
    }
    if (path === "/clients") {
      const made = data.resource(body);
      data.clients.push(made);
      return { status: 201, body: made };
    }
    if (path === "/bootstrap") return { status: 201, body: {} };
  }
  return (
    answerAccess({ method, path, query, body, data, page, problem, is, records: recordsOf(data) }) ??
    answerRecords({ method, path, query, body, data, page, problem, is }) ??
    problem(404, "not-found", `${method} ${path} is not invented yet`)
  );
}

createServer(async (request, response) => {
  const url = new URL(request.url, "http://localhost");
  if (process.env.API && /^\/(api|public|health|\.well-known)\//.test(url.pathname)) {
    const upstream = forward(
      new URL(request.url, process.env.API),
      { method: request.method, headers: request.headers },
      (reply) => {
        response.writeHead(reply.statusCode, reply.headers);
        reply.pipe(response);
      },
    );
    upstream.on("error", () => response.writeHead(502).end());
    request.pipe(upstream);
    return;
  }
  let raw = "";
  for await (const chunk of request) raw += chunk;
  if (url.pathname.startsWith("/api/v1")) {
    const { status, body } = answer(
      request.method,
      url.pathname.slice(7),
      url.searchParams,
      raw ? JSON.parse(raw) : null,
    );
    if (Buffer.isBuffer(body)) return response.writeHead(status, { "content-type": "application/pdf" }).end(body);
    response.writeHead(status, { "content-type": status >= 400 ? "application/problem+json" : "application/json" });
    return response.end(body === undefined ? "" : JSON.stringify(body));
  }
  const file = extname(url.pathname) ? normalize(url.pathname) : "/index.html";
  try {
    const bytes = await readFile(join(dist, file));
    response.writeHead(200, {
      "content-type": types[extname(file)] ?? "application/octet-stream",
      "content-security-policy":
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-src 'self' blob:; frame-ancestors 'none'",
    });
    response.end(bytes);
  } catch {
    response.writeHead(404).end();
  }
}).listen(port, "127.0.0.1", () => console.log(`preview on http://127.0.0.1:${port}`));
