// ATT-13 Pages of other sites, opened by somebody who is signed in here, in a real browser: what they send changes nothing, and they read
// nothing. One is of another site (no cookie of ours goes along), one of the same site at another port (our cookies do).
import { createServer } from "node:http";
import { after } from "node:test";
import { as, base, reference } from "../support/lab.mjs";
import { assert, story } from "../support/story.mjs";

/** Somebody else's web server, with a page that does nothing by itself. */
function stranger(name) {
  const server = createServer((_request, answer) => {
    answer.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Elsewhere</title>");
  });
  after(() => server.close());
  return new Promise((listening) => {
    server.listen(0, "127.0.0.1", () => listening(`http://${name}:${server.address().port}/`));
  });
}

/** Everything a page may try without being asked, in the page. Answers what it could read. */
async function attack({ base, body }) {
  const read = [];
  const url = `${base}/api/v1`;
  const tries = [
    [`${url}/samples`, { method: "POST", mode: "no-cors", headers: { "content-type": "text/plain" }, body }],
    [`${url}/samples`, { method: "POST", headers: { "content-type": "application/json" }, body }],
    [`${url}/samples`, { method: "POST", headers: { "x-csrf-token": "guess" }, body }],
    [`${url}/auth/logout`, { method: "POST", mode: "no-cors" }],
    [`${url}/auth/sessions/end-others`, { method: "POST", mode: "no-cors", body: "{}" }],
    [`${url}/auth/refresh`, { method: "POST", mode: "no-cors", body: "{}" }],
    [`${url}/me`, {}],
    [`${url}/samples`, { mode: "no-cors" }],
  ];
  for (const [address, how] of tries) {
    try {
      const answer = await fetch(address, { ...how, credentials: "include" });
      const text = await answer.text();
      if (answer.type !== "opaque" || text) read.push(`${address}: ${text.slice(0, 80)}`);
    } catch {
      // What the browser or the server refused.
    }
  }
  // A form needs no script: its one field becomes a body that reads as JSON.
  const frame = Object.assign(document.createElement("iframe"), { name: "sink" });
  const form = Object.assign(document.createElement("form"), {
    method: "POST",
    action: `${url}/samples`,
    enctype: "text/plain",
    target: "sink",
  });
  form.append(Object.assign(document.createElement("input"), { name: `${body.slice(0, -1)},"x":"`, value: '"}' }));
  document.body.append(frame, form);
  form.submit();
  await new Promise((done) => setTimeout(done, 1500));
  try {
    read.push(`framed: ${frame.contentDocument.body.textContent.slice(0, 80)}`);
  } catch {
    // Another origin's document is not ours to read.
  }
  const script = Object.assign(document.createElement("script"), { src: `${url}/me` });
  await new Promise((done) => {
    script.onload = script.onerror = done;
    document.body.append(script);
  });
  return read.filter((line) => line !== "framed: ");
}

for (const [what, name] of [
  ["another site", "localhost"],
  ["the same site at another port", "127.0.0.1"],
]) {
  story(`A page of ${what} can neither act as the person who is signed in nor read`, async ({ open }) => {
    const home = await open({ role: "analyst" });
    const mark = reference("Forged");
    const { items } = await as("water", "analyst", "GET", "/samples?limit=1");
    const { items: tests } = await as("water", "analyst", "GET", "/tests?limit=1");
    const body = JSON.stringify({
      sample_type_id: items[0].sample_type.id,
      client_id: items[0].client.id,
      test_ids: [tests[0].id],
      client_reference: mark,
    });
    const page = await home.context().newPage();
    await page.goto(await stranger(name));
    assert.deepEqual(await page.evaluate(attack, { base, body }), [], "nothing could be read");
    await page.close();
    const forged = await as("water", "manager", "GET", `/samples?q=${encodeURIComponent(mark)}`);
    assert.deepEqual(forged.items, [], "nothing was registered");
    const status = await home.evaluate(() => fetch("/api/v1/me").then((answer) => answer.status));
    assert.equal(status, 200, "the session lives on");
    // What was sent would have done: from here, with the token that other pages cannot have, it does.
    const own = await home.evaluate(async (sent) => {
      const { csrf_token } = await (await fetch("/api/v1/me")).json();
      const headers = { "content-type": "application/json", "x-csrf-token": csrf_token };
      return (await fetch("/api/v1/samples", { method: "POST", headers, body: sent })).status;
    }, body);
    assert.equal(own, 201);
  });
}
