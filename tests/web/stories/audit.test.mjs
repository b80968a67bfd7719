// What an assessor does: read the trail in words, have an entry proven, take evidence away and check it elsewhere.
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { as, CHLORIDE, laboratory, person, sample } from "../support/lab.mjs";
import { assert, choose, eventually, gone, output, see, settled, story } from "../support/story.mjs";

const run = promisify(execFile);
const verifier = fileURLToPath(new URL("../../../target/release/attest-verify", import.meta.url));

/** A correction with a reason: what the trail is there for. */
async function correction() {
  const made = await sample({ tests: [CHLORIDE], values: { [CHLORIDE]: "21.0" }, name: "Trail" });
  const reason = `Digits swapped ${made.accession_number}`;
  await as("water", "analyst", "POST", `/results/${made.results[0].id}/enter`, { value: "12.0", reason });
  return { made, reason };
}

/** Until the sequencer has given it its number; a moment, normally. */
const sequenced = (id) =>
  eventually(async () => {
    const { items } = await as("water", "auditor", "GET", `/audit/events?object_id=${id}`);
    const event = items.find((each) => each.changes.length > 0 && each.reason !== null);
    assert.ok(event && event.index !== null, "not sequenced yet");
    return event;
  });

story("The auditor reads what happened in words, with before, after and reason", async ({ open }) => {
  const { made, reason } = await correction();
  await sequenced(made.results[0].id);
  const page = await open({ role: "auditor", path: `/audit?object_id=${made.results[0].id}&object_type=result` });
  await settled(page);
  const row = page.getByRole("listitem").filter({ hasText: reason });
  await see(row);
  const words = await row.innerText();
  assert.match(words, new RegExp(person("water", "analyst").name));
  assert.match(words, /Chloride/);
  assert.match(words, /21\.0/);
  assert.match(words, /12\.0/);
  assert.doesNotMatch(words, /result\.corrected|\/value|[{}]/, "words, not field paths");
});

story("An entry is proven in the browser, and a changed byte would show", async ({ open }) => {
  const { made } = await correction();
  const event = await sequenced(made.results[0].id);
  const page = await open({ role: "auditor", path: `/audit/${event.index}` });
  // A fresh entry waits for the next checkpoint; the page asks again by itself.
  page.expecting(/status of 409 .*\/proof$/);
  await see(page.getByRole("heading", { name: "Proven on this computer" }));
  await see(page.getByText("The entry shown here is, byte for byte, the one in the ledger."));
  await see(page.getByText("The root is signed with the laboratory's log key."));
  await see(page.getByText(new RegExp(`It is entry #${event.index} in a ledger of \\d+`)));
  await page.getByText("Raw entry").click();
  await see(page.getByLabel("Raw entry"));

  // The same page, with one letter of the event changed on its way: it must not be called proven.
  const forged = await open({ role: "auditor", path: "/audit" });
  forged.expecting(/status of 409 .*\/proof$/);
  await forged.route(`**/api/v1/audit/events/${event.index}`, async (route) => {
    const answer = await route.fetch();
    const body = await answer.json();
    const text = Buffer.from(body.entry, "base64").toString();
    body.entry = Buffer.from(text.replace("12.0", "13.0")).toString("base64");
    await route.fulfill({ response: answer, json: body });
  });
  await forged.goto(`/audit/${event.index}`);
  await see(forged.getByRole("heading", { name: "The proof does not hold" }));
});

story("The trail is filtered by person, deed and day, and the filter is in the address", async ({ open }) => {
  const page = await open({ role: "quality_manager", path: "/audit" });
  await settled(page);
  await choose(page, "By whom", person("water", "authorizer").name);
  await eventually(() => assert.match(page.url(), /actor_id=/));
  await settled(page);
  const sentences = await page.getByRole("main").getByRole("listitem").allInnerTexts();
  assert.ok(sentences.length > 0);
  for (const sentence of sentences) assert.match(sentence, new RegExp(person("water", "authorizer").name));
  await page.getByLabel("From the day").fill("2020-01-01");
  await page.getByLabel("To the day").fill("2020-01-02");
  await page.keyboard.press("Tab");
  await see(page.getByText("Nothing in the trail matches these filters"));
  await page.reload();
  await see(page.getByText("Nothing in the trail matches these filters"));
  await page.getByRole("button", { name: "Clear" }).last().click();
  await eventually(() => assert.doesNotMatch(page.url(), /actor_id=/));
});

story(
  "The auditor confirms with the password, takes an export away, and it verifies offline; a changed byte does not",
  async ({ open }) => {
    const page = await open({ role: "auditor", path: "/audit/exports" });
    page.expecting(/status of (401|403)/);
    await settled(page);
    await page.getByRole("button", { name: "Create the export…" }).click();
    const dialog = page.getByRole("dialog", { name: "Confirm that it is you" });
    await dialog.getByLabel("Your password").fill("not-my-password-9");
    await dialog.getByRole("button", { name: "Confirm" }).click();
    await see(dialog.getByText("This is not your password."));
    await dialog.getByLabel("Your password").fill(person("water", "auditor").password);
    await dialog.getByRole("button", { name: "Confirm" }).click();
    await gone(dialog);
    const made = page.getByRole("region", { name: "Exports", exact: true }).getByRole("listitem").first();
    await made.getByText("Ready").waitFor({ timeout: 60_000 });
    const [bundle] = await Promise.all([
      page.waitForEvent("download"),
      made.getByRole("button", { name: "Bundle (zip)" }).click(),
    ]);
    const path = `${output}audit.attest.zip`;
    await bundle.saveAs(path);
    const key = laboratory("water").log_key;
    await see(page.getByText(key).first());
    const { stdout } = await run(verifier, [path, "--key", key]);
    assert.ok(stdout.length > 0);
    const bytes = await readFile(path);
    // Inside the entries: what a zip says around its members (times, flags) is nobody's evidence.
    bytes[bytes.indexOf("entries.jsonl") + 1000] ^= 1;
    await writeFile(`${output}changed.attest.zip`, bytes);
    await assert.rejects(run(verifier, [`${output}changed.attest.zip`, "--key", key]));
    const [pdf] = await Promise.all([
      page.waitForEvent("download"),
      made
        .getByRole("button", { name: /Signed PDF/ })
        .first()
        .click(),
    ]);
    assert.equal((await readFile(await pdf.path())).subarray(0, 5).toString(), "%PDF-");
  },
);

story("An export continues the checkpoint that the assessor held before", async ({ open }) => {
  const page = await open({ role: "auditor", path: "/audit/exports" });
  page.expecting(/status of (403|422)/);
  await settled(page);
  const held = await page.evaluate(async () => (await fetch("/api/v1/audit/checkpoint")).text());
  await page.getByText("The assessor holds an earlier checkpoint").click();
  const note = page.getByLabel("Earlier checkpoint");
  await note.fill("not a note");
  await page.getByRole("button", { name: "Create the export…" }).click();
  const dialog = page.getByRole("dialog", { name: "Confirm that it is you" });
  await dialog.getByLabel("Your password").fill(person("water", "auditor").password);
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await gone(dialog);
  await eventually(async () => assert.equal(await note.getAttribute("aria-invalid"), "true"));
  const exports = page.getByRole("region", { name: "Exports", exact: true }).getByRole("listitem");
  await settled(page);
  const before = await exports.count();
  await note.fill(held.trim());
  await page.getByRole("button", { name: "Create the export…" }).click();
  await eventually(async () => assert.equal(await exports.count(), before + 1));
  const made = exports.first();
  await made.getByText("Ready").waitFor({ timeout: 60_000 });
  const path = `${output}held.attest.zip`;
  const [bundle] = await Promise.all([
    page.waitForEvent("download"),
    made.getByRole("button", { name: "Bundle (zip)" }).click(),
  ]);
  await bundle.saveAs(path);
  await writeFile(`${output}held.txt`, held);
  await run(verifier, [path, "--key", laboratory("water").log_key, "--held", `${output}held.txt`]);
});
