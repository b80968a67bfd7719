// The running server, its demonstration logins, and what a story needs to find already done: prepared over the same
// HTTP interface as any program would, by the person whose job it is.
import { readFileSync } from "node:fs";
import { randomUUID } from "node:crypto";

/** Where the server listens, without a slash at the end. */
export const base = process.env.DEMO_URL;
const { laboratories } = JSON.parse(readFileSync(process.env.DEMO_CREDENTIALS, "utf8"));
const slugs = { water: "riverbend-water", medical: "wislana-medical" };

/** One of the demonstration laboratories: "water" or "medical". */
export function laboratory(kind) {
  const found = laboratories.find((each) => each.slug === slugs[kind]);
  if (!found) throw new Error(`the demonstration has no laboratory ${slugs[kind]}`);
  return found;
}

/** The demonstration's login of a role. */
export function person(kind, role) {
  const found = laboratory(kind).users.find((each) => each.roles.includes(role));
  if (!found) throw new Error(`nobody is ${role} in the ${kind} laboratory`);
  return { ...found, laboratory: laboratory(kind).slug };
}

const tokens = new Map();

/** Calls the interface as somebody; throws when the answer is a refusal. */
export async function as(kind, role, method, path, body, { version, signed = true } = {}) {
  const who = person(kind, role);
  const headers = { accept: "application/json" };
  if (signed) {
    if (!tokens.has(who.email)) {
      const login = { email: who.email, password: who.password, laboratory: who.laboratory };
      tokens.set(who.email, as(kind, role, "POST", "/auth/login", login, { signed: false }));
    }
    headers.authorization = `Bearer ${(await tokens.get(who.email)).access_token}`;
  }
  if (body !== undefined) headers["content-type"] = "application/json";
  if (method === "POST") headers["idempotency-key"] = randomUUID();
  if (version !== undefined) headers["if-match"] = `"${version}"`;
  const answer = await fetch(`${base}/api/v1${path}`, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  // Some acts ask for a fresh proof first.
  if (answer.status === 403 && text.includes("/problems/step-up-required")) {
    await as(kind, role, "POST", "/auth/reauthenticate", { password: who.password });
    return as(kind, role, method, path, body, { version, signed });
  }
  if (!answer.ok) throw new Error(`${role} ${method} ${path}: ${answer.status} ${text}`);
  return text === "" ? null : JSON.parse(text);
}

const catalogues = new Map();

/** Ids of the catalogue by code or name. */
export async function catalogue(kind) {
  if (!catalogues.has(kind))
    catalogues.set(
      kind,
      (async () => {
        const role = kind === "medical" ? "technician" : "analyst";
        const all = async (path) => (await as(kind, role, "GET", `${path}?limit=200`)).items;
        const [tests, types, clients] = [await all("/tests"), await all("/sample-types"), await all("/clients")];
        const [specification] = await all("/specifications");
        return {
          test: (code) => tests.find((each) => each.code === code) ?? missing(`test ${code}`),
          type: (name) => types.find((each) => each.name === name) ?? missing(`sample type ${name}`),
          client: clients[0],
          specification,
        };
      })(),
    );
  return catalogues.get(kind);
}

function missing(what) {
  throw new Error(`the demonstration's catalogue has no ${what}`);
}

/** Codes of the tests that the stories of the water laboratory use: pH, nitrite, nitrate plus nitrite, chloride. */
export const PH = "00400";
export const NITRITE = "00613";
export const NITRATE = "00631";
export const CHLORIDE = "00940";

/** A client's reference that no other sample has. */
export const reference = (word) => `${word} ${randomUUID().slice(0, 8)}`;

/**
 * A sample of the water laboratory, brought as far as a story needs it. `values` (test code to value) are entered by the
 * analyst; `verified` has the authoriser accept them.
 */
export async function sample({ tests = [PH, CHLORIDE], receive = true, values, verified = false, name = "Tap" } = {}) {
  const { test, type, client, specification } = await catalogue("water");
  let made = await as("water", "analyst", "POST", "/samples", {
    client_id: client.id,
    sample_type_id: type("Drinking water").id,
    specification_id: specification.id,
    client_reference: reference(name),
    collected_at: new Date(Date.now() - 3_600_000).toISOString(),
    collection_place: `${name}, kitchen`,
    test_ids: tests.map((code) => test(code).id),
  });
  if (receive || values)
    made = await as(
      "water",
      "analyst",
      "POST",
      `/samples/${made.id}/receive`,
      { condition: "acceptable" },
      { version: made.version },
    );
  for (const result of values ? made.results : []) {
    const value = values[result.test.code];
    if (value !== undefined) await as("water", "analyst", "POST", `/results/${result.id}/enter`, { value });
  }
  for (const result of verified ? made.results : [])
    await as("water", "authorizer", "POST", `/results/${result.id}/verify`, {});
  return as("water", "analyst", "GET", `/samples/${made.id}`);
}

/** A report on fresh verified results: "draft", "authorized" or "released". */
export async function report(stage = "draft") {
  const { id } = await sample({ values: { [PH]: "7.4", [CHLORIDE]: "18.2" }, verified: true, name: "Reported" });
  let made = await as("water", "authorizer", "POST", "/reports", { sample_ids: [id] });
  if (stage !== "draft")
    made = await as("water", "authorizer", "POST", `/reports/${made.id}/authorize`, {
      meaning: "Reviewed and approved",
      password: person("water", "authorizer").password,
      content_sha256: made.content_sha256,
    });
  if (stage === "released") made = await as("water", "authorizer", "POST", `/reports/${made.id}/release`, {});
  return made;
}

/** Somebody new in the water laboratory, with the role of a name and a password of theirs. */
export async function hire(role = "Analyst") {
  const { items } = await as("water", "administrator", "GET", "/roles?limit=200");
  const mark = randomUUID().slice(0, 8);
  const password = `Fresh-${randomUUID()}-7`;
  const user = await as("water", "administrator", "POST", "/users", {
    email: `${mark}@riverbend-water.example`,
    name: `Nora ${mark}`,
    role_ids: [items.find((each) => each.name === role).id],
    password,
  });
  return { user, password };
}

/** A webhook of the water laboratory that leads nowhere, with messages that wait. */
export async function webhook() {
  const made = await as("water", "administrator", "POST", "/webhooks", {
    name: reference("Portal of the waterworks"),
    // Nobody listens there: what a webhook looks like that fails.
    url: "http://127.0.0.1:65009/attest",
    events: ["sample.registered", "sample.received", "critical.opened", "report.released"],
  });
  await as("water", "administrator", "POST", `/webhooks/${made.id}/test`, {});
  await sample({ receive: true });
  return made;
}

/** A program's account in the water laboratory, with a token. */
export async function serviceAccount() {
  const { items } = await as("water", "administrator", "GET", "/roles?limit=200");
  const made = await as("water", "administrator", "POST", "/service-accounts", {
    name: reference("Middleware"),
    description: "Fetches results every night",
    owner_id: (await as("water", "administrator", "GET", "/me")).id,
    role_ids: [items.find((each) => each.slug === "integrator").id],
  });
  await as("water", "administrator", "POST", `/service-accounts/${made.id}/tokens`, {
    label: "Night run",
    expires_in_days: 9,
  });
  return made;
}
