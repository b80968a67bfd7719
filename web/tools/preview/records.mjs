// The invented laboratory's results, reports, audit trail and people for `npm run preview`. The ledger here is real enough to
// be verified: entries are hashed into a tree and its checkpoint is signed with a throw-away key.
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { id } from "./world.mjs";

const sha256 = (...parts) => createHash("sha256").update(Buffer.concat(parts)).digest();
const leafOf = (entry) => sha256(Buffer.from([0]), entry);
const split = (n) => 2 ** Math.floor(Math.log2(n - 1));
const rootOf = (leaves) =>
  leaves.length === 0
    ? sha256(Buffer.alloc(0))
    : leaves.length === 1
      ? leaves[0]
      : sha256(
          Buffer.from([1]),
          rootOf(leaves.slice(0, split(leaves.length))),
          rootOf(leaves.slice(split(leaves.length))),
        );
const pathOf = (index, leaves) => {
  if (leaves.length <= 1) return [];
  const k = split(leaves.length);
  return index < k
    ? [...pathOf(index, leaves.slice(0, k)), rootOf(leaves.slice(k))]
    : [...pathOf(index - k, leaves.slice(k)), rootOf(leaves.slice(0, k))];
};

const bare = (change) => Object.fromEntries(Object.entries(change).filter(([name]) => name !== "label"));

let made = null;
function records(data) {
  if (made) return made;
  const { people, ago, resource, ref } = data;
  const samples = [...data.samples.values()];
  const results = samples.flatMap((sample) =>
    sample.status === "in_progress" || sample.status === "received" ? sample.results : [],
  );
  for (const [n, result] of results.entries()) {
    const limits = result.limits;
    if (limits.high && limits.high !== "0") limits.warn_high = (Number(limits.high) * 0.8).toFixed(4);
    result.previous =
      n % 5 === 4
        ? null
        : {
            value: ["0.0041", "0.02", "7.6", "0.051", "2", "588"][n % 6],
            display: ["0.0041", "< 0.02", "7.6", "0.051", "2", "588"][n % 6],
            at: ago(43_000 + n * 61),
            accession_number: `W-26-00${3100 + (n % 90)}`,
          };
    if (n % 17 === 9) Object.assign(result, { entered_by: people.piotr });
    if (result.status === "pending" && n % 13 === 6)
      result.reason = "Implausible against the previous one, please repeat";
  }
  const notices = [];
  for (const result of results.filter((each) => each.flags.includes("critical_high")).slice(0, 5))
    notices.push({
      id: id(),
      result_id: result.id,
      sample: { id: result.sample.id, accession_number: result.sample.accession_number },
      test: ref(result.test),
      value: result.display,
      unit: result.unit,
      status: "open",
      opened_at: result.entered_at,
      attempts:
        notices.length === 1
          ? [
              {
                at: ago(30),
                by: people.anna,
                told: "Duty officer, Starogard",
                channel: "phone",
                read_back: false,
                reached: false,
                note: "Nobody answers",
              },
            ]
          : [],
      escalated_at: notices.length === 2 ? ago(20) : null,
    });
  const reportStatuses = [
    "draft",
    "authorized",
    "released",
    "released",
    "draft",
    "superseded",
    "withdrawn",
    "released",
  ];
  const done = samples.filter((each) => each.status === "completed" || each.status === "reported");
  const reports = Array.from({ length: 40 }, (_, n) => {
    const status = reportStatuses[n % 8];
    const sample = done[n % done.length];
    const signed = status !== "draft";
    return resource({
      number: `R-26-${String(412 - n).padStart(6, "0")}`,
      version_no: n % 6 === 3 ? 2 : 1,
      kind: n % 9 === 4 ? "preliminary" : "final",
      status,
      under_correction: n === 2,
      language: n % 2 ? "pl" : "en",
      client: sample.client,
      patient: sample.patient,
      samples: [
        { id: sample.id, accession_number: sample.accession_number },
        ...(n % 3
          ? []
          : [{ id: done[(n + 1) % done.length].id, accession_number: done[(n + 1) % done.length].accession_number }]),
      ],
      remarks:
        n % 4 ? null : "The sample was received partially frozen; microbiological results are to be read with care.",
      opinions: [],
      pending_tests: n % 9 === 4 ? ["Escherichia coli"] : [],
      content_sha256: createHash("sha256").update(`content ${n}`).digest("hex"),
      content: { results: Array.from({ length: 6 }) },
      authorization: signed
        ? { by: people.piotr, title: "dr inż.", meaning: "authorised", at: ago(n * 90 + 60) }
        : null,
      released_at: ["released", "superseded", "withdrawn"].includes(status) ? ago(n * 90 + 20) : null,
      released_by: ["released", "superseded", "withdrawn"].includes(status) ? people.anna : null,
      amends: n % 6 === 3 ? { id: id(), number: `R-26-${String(412 - n).padStart(6, "0")}`, version_no: 1 } : null,
      amended_by: status === "superseded" ? { id: id(), number: `R-26-${String(430 - n).padStart(6, "0")}` } : null,
      amendment_reason: n % 6 === 3 ? "Client's address was wrong" : null,
      withdrawn_reason: status === "withdrawn" ? "Issued for the wrong client" : null,
      verification_code: ["released", "superseded", "withdrawn"].includes(status) ? "7KQ4-M2XD-9RTV" : null,
      public_url: ["released", "superseded", "withdrawn"].includes(status)
        ? "https://lab.example/public/reports/7KQ4M2XD9RTV"
        : null,
      document_sha256: signed ? createHash("sha256").update(`document ${n}`).digest("hex") : null,
      proof: signed ? { index: 40 + n, checkpoint: "" } : null,
      updated_at: ago(n * 90),
      created_at: ago(n * 90 + 200),
      created_by: people.anna,
    });
  });
  // The ledger.
  const origin = "lab.example/audit/water/1";
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const raw = Buffer.concat([Buffer.from([1]), publicKey.export({ format: "der", type: "spki" }).subarray(-32)]);
  const hash = sha256(Buffer.from(`${origin}\n`), raw).subarray(0, 4);
  const logKey = `${origin}+${hash.toString("hex")}+${raw.toString("base64")}`;
  const stories = [
    [
      "sample.registered",
      "sample",
      (s) => `Anna Kowalczyk registered sample ${s.accession_number}`,
      (s) => [
        { path: "sample_type", to: s.sample_type.name, label: "sample type" },
        { path: "client_reference", to: s.client_reference, label: "client's reference" },
      ],
    ],
    [
      "sample.received",
      "sample",
      (s) => `Anna Kowalczyk received sample ${s.accession_number}`,
      () => [
        { path: "status", from: "registered", to: "received", label: "status" },
        { path: "temperature_c", to: "4.2", label: "temperature" },
      ],
    ],
    [
      "result.entered",
      "result",
      (s) => `Anna Kowalczyk entered the result of Lead, dissolved, sample ${s.accession_number}`,
      () => [
        { path: "value", from: null, to: "0.0210", label: "result" },
        { path: "status", from: "pending", to: "entered", label: "status" },
      ],
    ],
    [
      "result.corrected",
      "result",
      (s) => `Anna Kowalczyk corrected the result of Lead, dissolved, sample ${s.accession_number}`,
      () => [{ path: "value", from: "0.0210", to: "0.0121", label: "result" }],
    ],
    [
      "result.verified",
      "result",
      (s) => `Piotr Wiśniewski verified the result of Lead, dissolved, sample ${s.accession_number}`,
      () => [{ path: "status", from: "entered", to: "verified", label: "status" }],
    ],
    [
      "report.authorized",
      "report",
      () => "Piotr Wiśniewski signed report R-26-000411",
      () => [{ path: "status", from: "draft", to: "authorized", label: "status" }],
    ],
    ["login.failed", "session", () => "A sign-in failed", () => []],
    [
      "user.edited",
      "user",
      () => "Marta Zając changed user Jan Nowak",
      () => [
        { path: "role_ids", from: ["Analyst"], to: ["Analyst", "Authoriser"], label: "roles" },
        { path: "grants/0/permission", to: "report:release", label: "single permissions 1: permission" },
      ],
    ],
    ["patient.edited", "patient", () => "Anna Kowalczyk changed patient P-000031", () => []],
  ];
  const events = Array.from({ length: 180 }, (_, index) => {
    const [action, type, sentence, changes] = stories[index % stories.length];
    const sample = samples[Math.floor(index / 5) % samples.length];
    const at = new Date(Date.now() - (180 - index) * 7 * 60_000).toISOString().replace(/(\.\d{3})Z/, "$1000Z");
    const actor =
      action === "login.failed"
        ? { kind: "anonymous", assurance: "none" }
        : {
            kind: "user",
            id: action.includes("verif") || action.includes("author") ? people.piotr.id : people.anna.id,
            session: id(),
            assurance: "password",
          };
    const list = changes(sample);
    const sealed =
      type === "patient"
        ? [
            {
              subject: id(),
              path: "family_name",
              from: sha256(Buffer.from(`a${index}`)).toString("base64"),
              to: sha256(Buffer.from(`b${index}`)).toString("base64"),
              label: "family name",
            },
          ]
        : [];
    const reason =
      action === "result.corrected"
        ? { code: "typing_error", text: "Digits swapped when copying from the instrument" }
        : undefined;
    const signature =
      action === "report.authorized"
        ? { meaning: "authorised", content_sha256: createHash("sha256").update("x").digest("hex"), method: "password" }
        : undefined;
    const entry = Buffer.from(
      JSON.stringify({
        action,
        actor,
        at,
        changes: list.map(bare),
        code: "0.1.0",
        id: id(),
        log: origin,
        object: { id: id(), label: type === "report" ? "R-26-000411" : sample.accession_number, type },
        ...(reason ? { reason } : {}),
        sealed: sealed.map(bare),
        ...(signature ? { signature } : {}),
        source: {
          ip: "192.0.2.7",
          request_id: `req-${index}`,
          user_agent: "Mozilla/5.0 (X11; Linux x86_64) Firefox/152.0",
        },
        v: "attest.audit/v1",
        writer: { node: "9f86d081", seq: index + 1 },
      }),
    );
    const parsed = JSON.parse(entry);
    return {
      index,
      id: parsed.id,
      at,
      actor: {
        ...actor,
        name: actor.kind === "user" ? (actor.id === people.piotr.id ? people.piotr.name : people.anna.name) : null,
      },
      action,
      object: parsed.object,
      sentence: sentence(sample),
      reason: reason ?? null,
      changes: list,
      sealed,
      source: parsed.source,
      signature: signature ?? null,
      entry: entry.toString("base64"),
    };
  });
  const leaves = events.map((event) => leafOf(Buffer.from(event.entry, "base64")));
  const checkpoint = (size) => {
    const text = `${origin}\n${size}\n${rootOf(leaves.slice(0, size)).toString("base64")}\n`;
    return `${text}\n— ${origin} ${Buffer.concat([hash, sign(null, Buffer.from(text), privateKey)]).toString("base64")}\n`;
  };
  const all =
    "sample:read sample:register sample:receive sample:reject sample:cancel sample:edit sample:dispose sample:relink result:read result:enter result:verify result:return result:retract result:cancel result:export critical:notify report:read report:draft report:authorize report:release report:withdraw report:deliver patient:read patient:manage patient:merge patient:erase client:read client:manage order:read order:create order:cancel catalog:read catalog:manage user:read user:manage role:manage competence:manage audit:read audit:export settings:read settings:manage backup:manage incident:manage".split(
      " ",
    );
  const words = {
    read: "See",
    register: "Register",
    receive: "Receive and record the condition of",
    reject: "Reject",
    cancel: "Cancel",
    edit: "Change what is recorded about",
    enter: "Enter and correct",
    verify: "Verify",
    manage: "Manage",
    export: "Export",
    authorize: "Sign",
    release: "Release",
  };
  const permissions = all.map((each) => {
    const [area, act] = each.split(":");
    return { id: each, area, description: `${words[act] ?? act[0].toUpperCase() + act.slice(1)} ${area}s` };
  });
  const role = (name, description, held, builtin = true, editable = true) =>
    resource({
      slug: name.toLowerCase(),
      name,
      description,
      builtin,
      editable,
      permissions: held,
      user_count: 2,
      second_factor: name === "Administrator" || name === "Authoriser",
    });
  const roles = [
    role(
      "Administrator",
      "Configuration and people; no permission on results or reports",
      all.filter((each) => /^(user|role|settings|backup|incident|catalog|audit)/.test(each)),
      true,
      false,
    ),
    role(
      "Analyst",
      "Registers, receives and enters",
      all.filter((each) =>
        /^(sample:(read|register|receive|edit)|result:(read|enter)|critical|catalog:read|client:read|order:read)/.test(
          each,
        ),
      ),
    ),
    role(
      "Authoriser",
      "Verifies, signs and releases",
      all.filter((each) => /^(sample:read|result:|report:|critical|catalog:read|client:read|order:read)/.test(each)),
    ),
    role(
      "Auditor",
      "Reads the audit trail and evidence",
      ["audit:read", "audit:export", "sample:read", "result:read", "report:read"],
      true,
      false,
    ),
    role(
      "Weekend duty",
      "Analysts who verify alone at weekends",
      all.filter((each) => /^(sample|result):/.test(each)),
      false,
    ),
  ];
  const users = [
    "Anna Kowalczyk",
    "Piotr Wiśniewski",
    "Marta Zając",
    "Jan Nowak",
    "Katarzyna Wójcik-Brzęczyszczykiewicz",
    "Tomasz Lewandowski",
    "Ewa Kamińska",
    "John Olson",
  ].map((name, n) =>
    resource({
      email: `${name.split(" ")[0].toLowerCase()}@water.example`,
      name,
      title: n % 3 ? null : "mgr",
      language: n === 7 ? "en" : "pl",
      active: n !== 6,
      roles: [ref(roles[n === 2 ? 0 : n % 4]), ...(n % 3 === 1 ? [ref(roles[4])] : [])],
      grants:
        n === 3
          ? [
              {
                permission: "report:release",
                effect: "allow",
                reason: "Stands in for the authoriser in July",
                until: ago(-20_000),
                granted_by: people.piotr,
                granted_at: ago(9000),
              },
              { permission: "sample:register", effect: "deny", reason: "In training" },
            ]
          : [],
      last_login_at: n === 4 ? null : ago(n * 700 + 3),
      invited: n === 4,
      second_factor: n < 3,
      created_by: people.piotr,
    }),
  );
  users[0].id = people.anna.id;
  users[1].id = people.piotr.id;
  const exports = [
    {
      id: id(),
      status: "ready",
      progress: 100,
      kind: "range",
      first: 0,
      last: 120,
      count: 121,
      parts: 1,
      error: null,
      created_at: ago(2000),
      created_by: people.piotr,
    },
    {
      id: id(),
      status: "failed",
      progress: 40,
      kind: "selection",
      first: null,
      last: null,
      count: null,
      parts: null,
      error: "The render process ran out of memory",
      created_at: ago(9000),
      created_by: people.piotr,
    },
  ];
  const laboratory = resource({
    slug: "water",
    name: "Black Earth Water Laboratory",
    kind: "testing",
    address: "ul. Wodna 1, 83-200 Starogard Gdański",
    accreditation_number: "AB 1234",
    contact: "laboratorium@example.org",
    timezone: "Europe/Warsaw",
    language: "en",
    log_key: logKey,
    settings: {
      four_eyes_verification: true,
      four_eyes_release: false,
      idle_minutes: 720,
      accession_prefix: "W",
      default_decision_rule: "simple",
      second_factor: "by_role",
      password: {
        min_length: 12,
        composition: true,
        history: 10,
        lockout_after: 10,
        blocklist: ["wodna", "chromatograf"],
        change_initial: true,
      },
    },
  });
  made = {
    results,
    notices,
    reports,
    events,
    leaves,
    checkpoint,
    logKey,
    permissions,
    roles,
    users,
    exports,
    laboratory,
    done,
  };
  return made;
}

const enter = (result, item, problem) => {
  if (item.value === "99999")
    return {
      result_id: result.id,
      status: 422,
      problem: problem(422, "validation", "This value is outside the measuring range.", {
        errors: [{ path: "value", code: "range", message: "This value is outside the measuring range." }],
      }).body,
    };
  if (item.version !== result.version)
    return { result_id: result.id, status: 412, problem: problem(412, "stale", "Somebody changed it meanwhile.").body };
  Object.assign(result, {
    status: "entered",
    typed: item.value,
    value: item.value,
    display: item.value,
    detection: "=",
    version: result.version + 1,
    entered_at: new Date().toISOString(),
    remark: item.remark ?? null,
    dilution_factor: item.dilution_factor ?? null,
  });
  return { result_id: result.id, status: 200, result };
};

/** What other parts of the preview look up. */
export const recordsOf = (data) => records(data);

export function answerRecords({ method, path, query, body, data, page, problem, is }) {
  const world = records(data);
  const { people, ago } = data;
  let found;
  const ok = (one, status = 200) => (one ? { status, body: one } : problem(404, "not-found", "Not found"));
  const pdf = () =>
    process.env.PDF && existsSync(process.env.PDF)
      ? { status: 200, body: readFileSync(process.env.PDF) }
      : problem(404, "not-found", "Set PDF to a file to preview one");
  if (path === "/results") {
    const status = query.get("status")?.split(",");
    return ok(
      page(
        world.results.filter(
          (each) =>
            (!status || status.includes(each.status)) &&
            (!query.get("test_id") || each.test.id === query.get("test_id")) &&
            (!query.get("q") || each.sample.accession_number.includes(query.get("q"))),
        ),
        query,
      ),
    );
  }
  if (path === "/results/enter") {
    const items = body.items.map((item) =>
      enter(
        world.results.find((each) => each.id === item.result_id),
        item,
        problem,
      ),
    );
    return { status: items.some((each) => each.status >= 400) ? 207 : 200, body: { items } };
  }
  if (path === "/results/verify")
    return ok({
      items: body.items.map((item) => {
        const result = world.results.find((each) => each.id === item.result_id);
        Object.assign(result, { status: "verified" });
        return { result_id: result.id, status: 200, result };
      }),
    });
  if ((found = is("/results/{id}/versions"))) {
    const result = world.results.find((each) => each.id === found[1]);
    return ok({
      items: [
        {
          version: 1,
          status: "entered",
          value: "0.0210",
          typed: "0.0210",
          detection: "=",
          display: "0.0210",
          flags: ["H"],
          entered_by: people.anna,
          entered_at: ago(120),
          reason: null,
          remark: null,
          action: "entered",
        },
        ...(result.version > 1
          ? [
              {
                version: 2,
                status: "entered",
                value: result.value,
                typed: result.typed,
                detection: result.detection,
                display: result.display,
                flags: result.flags,
                entered_by: people.anna,
                entered_at: ago(60),
                reason: "Digits swapped when copying from the instrument",
                remark: null,
                action: "corrected",
              },
            ]
          : []),
      ],
    });
  }
  if ((found = is("/results/{id}/verify")))
    return ok(
      Object.assign(
        world.results.find((each) => each.id === found[1]),
        { status: "verified" },
      ),
    );
  if ((found = is("/results/{id}/return")))
    return ok(
      Object.assign(
        world.results.find((each) => each.id === found[1]),
        { status: "pending", reason: body.reason },
      ),
    );
  if ((found = is("/results/{id}/critical-notices")) && method === "POST") {
    const notice = world.notices.find((each) => each.result_id === found[1]);
    notice.attempts.push({ at: ago(0), by: people.anna, note: null, ...body });
    if (body.reached) notice.status = "notified";
    return ok(notice, 201);
  }
  if ((found = is("/results/{id}"))) return ok(world.results.find((each) => each.id === found[1]));
  if (path === "/critical-notices")
    return ok(
      page(
        world.notices.filter((each) => !query.get("status") || each.status === query.get("status")),
        query,
      ),
    );

  if (path === "/reports" && method === "GET")
    return ok(
      page(
        world.reports.filter(
          (each) =>
            (!query.get("status") || query.get("status").split(",").includes(each.status)) &&
            (!query.get("q") || each.number.includes(query.get("q"))),
        ),
        query,
      ),
    );
  if (path === "/reports") {
    const report = {
      ...structuredClone(world.reports[0]),
      id: id(),
      number: "R-26-000500",
      status: "draft",
      samples: body.sample_ids.map((each) => ({ id: each, accession_number: data.samples.get(each).accession_number })),
    };
    world.reports.unshift(report);
    return ok(report, 201);
  }
  if ((found = is("/reports/{id}/{act}"))) {
    const report = world.reports.find((each) => each.id === found[1]);
    const act = found[2];
    if (act === "preview" || act === "document") return pdf();
    if (act === "deliveries")
      return method === "GET"
        ? ok({
            items: [
              {
                id: id(),
                to: "laboratorium@starogard.example",
                channel: "email",
                note: null,
                at: ago(10),
                by: people.anna,
              },
            ],
          })
        : ok({ id: id(), ...body }, 201);
    if (act === "authorize")
      return body.password === "bad"
        ? problem(403, "reauthentication-failed", "This is not your password.")
        : ok(
            Object.assign(report, {
              status: "authorized",
              authorization: { by: people.anna, title: "mgr", meaning: body.meaning, at: ago(0) },
            }),
          );
    if (act === "release")
      return ok(
        Object.assign(report, {
          status: "released",
          released_at: ago(0),
          released_by: people.anna,
          verification_code: "7KQ4-M2XD-9RTV",
          public_url: "https://lab.example/public/reports/7KQ4M2XD9RTV",
        }),
      );
    if (act === "withdraw") return ok(Object.assign(report, { status: "withdrawn", withdrawn_reason: body.reason }));
    return ok(report, act === "amend" ? 201 : 200);
  }
  if ((found = is("/reports/{id}")))
    return ok(
      Object.assign(
        world.reports.find((each) => each.id === found[1]),
        method === "PATCH" ? body : {},
      ),
    );

  if (path === "/audit/events") {
    const q = (name) => query.get(name);
    return ok(
      page(
        world.events
          .toReversed()
          .filter(
            (each) =>
              (!q("action") || each.action === q("action")) &&
              (!q("object_type") || each.object.type === q("object_type")) &&
              (!q("actor_id") || each.actor.id === q("actor_id")),
          ),
        query,
      ),
    );
  }
  if (path === "/audit/actions")
    return ok({
      items: [...new Set(world.events.map((each) => each.action))].map((each) => ({
        id: each,
        description: each.replace(".", " ").replace(/^./, (c) => c.toUpperCase()),
      })),
    });
  if ((found = is("/audit/events/{index}/proof"))) {
    const index = Number(found[1]);
    return ok({
      index,
      leaf_hash: world.leaves[index].toString("base64"),
      tree_size: world.leaves.length,
      path: pathOf(index, world.leaves).map((each) => each.toString("base64")),
      checkpoint: world.checkpoint(world.leaves.length),
      entry: index === 77 ? world.events[76].entry : world.events[index].entry,
      log_key: world.logKey,
    });
  }
  if ((found = is("/audit/events/{index}"))) return ok(world.events[Number(found[1])]);
  if (path === "/audit/exports" && method === "GET") {
    for (const each of world.exports)
      if (each.status === "running" && (each.progress += 25) >= 100)
        Object.assign(each, { status: "ready", progress: 100, first: 0, last: 179, count: 180, parts: 1 });
    return ok(page(world.exports, query));
  }
  if (path === "/audit/exports") {
    const begun = {
      id: id(),
      status: "running",
      progress: 10,
      kind: body.kind,
      first: null,
      last: null,
      count: null,
      parts: null,
      error: null,
      created_at: ago(0),
      created_by: people.anna,
    };
    world.exports.unshift(begun);
    return ok(begun, 202);
  }
  if ((found = is("/audit/exports/{id}"))) return ok(world.exports.find((each) => each.id === found[1]));
  if (path === "/users" && method === "GET")
    return ok(
      page(
        world.users.filter(
          (each) =>
            (!query.get("q") || `${each.name} ${each.email}`.toLowerCase().includes(query.get("q").toLowerCase())) &&
            (!query.get("active") || String(each.active) === query.get("active")) &&
            (!query.get("role_id") || each.roles.some((role) => role.id === query.get("role_id"))),
        ),
        query,
      ),
    );
  if (path === "/users") {
    const user = data.resource({
      title: null,
      language: "en",
      grants: [],
      last_login_at: null,
      ...body,
      roles: world.roles.filter((role) => body.role_ids.includes(role.id)).map(data.ref),
    });
    world.users.push(user);
    return ok(user, 201);
  }
  if ((found = is("/users/{id}/{act}"))) {
    const user = world.users.find((each) => each.id === found[1]);
    if (found[2] === "deactivate") user.active = false;
    if (found[2] === "reactivate") user.active = true;
    return found[2] === "end-sessions" ? { status: 204 } : ok(user);
  }
  if ((found = is("/users/{id}"))) {
    const user = world.users.find((each) => each.id === found[1]);
    if (method === "PATCH")
      Object.assign(
        user,
        body,
        body.role_ids ? { roles: world.roles.filter((role) => body.role_ids.includes(role.id)).map(data.ref) } : {},
      );
    return ok(user);
  }
  if (path === "/roles" && method === "GET") return ok(page(world.roles, query));
  if (path === "/roles") {
    const role = data.resource({ slug: "x", builtin: false, editable: true, user_count: 0, ...body });
    world.roles.push(role);
    return ok(role, 201);
  }
  if ((found = is("/roles/{id}"))) {
    const role = world.roles.find((each) => each.id === found[1]);
    if (method === "PATCH") Object.assign(role, body);
    if (method === "DELETE") {
      world.roles.splice(world.roles.indexOf(role), 1);
      return { status: 204 };
    }
    return ok(role);
  }
  if (path === "/permissions") return ok({ items: world.permissions });
  if (path === "/laboratory")
    return ok(
      method === "PATCH"
        ? Object.assign(world.laboratory, body, { settings: { ...world.laboratory.settings, ...body.settings } })
        : world.laboratory,
    );
  return undefined;
}
