// A report's life: drafted, looked at, signed, released, downloaded, checked by a stranger, amended.
import { readFile } from "node:fs/promises";
import { as, base, CHLORIDE, NITRITE, person, PH, report, sample } from "../support/lab.mjs";
import { accessible, assert, eventually, gone, see, settled, story } from "../support/story.mjs";

story(
  "The authoriser drafts a report, looks at it, signs it, releases it, and anybody can check it",
  async ({ open }) => {
    const made = await sample({ values: { [PH]: "7.4", [CHLORIDE]: "18.2" }, verified: true, name: "Report" });
    const page = await open({ role: "authorizer", path: "/reports/new" });
    await settled(page);
    await page.getByRole("searchbox").fill(made.accession_number);
    await page.getByRole("checkbox", { name: new RegExp(made.accession_number) }).check();
    await page.getByRole("button", { name: "Draft from 1 sample" }).click();
    await see(page.getByRole("heading", { name: "Preview" }));
    // The preview says what the results say, and that it is a draft.
    const preview = page.getByRole("group", { name: "Preview of the report" });
    await eventually(async () => assert.match(await preview.innerText(), /18\.2/));
    const draft = await preview.innerText();
    assert.match(draft, /DRAFT/i);
    assert.match(draft, new RegExp(made.accession_number));
    assert.match(draft, /Chloride/);

    await page.getByLabel("Remarks").fill("Sampled after ten minutes of flushing");
    await page.getByRole("button", { name: "Save the texts" }).click();
    await eventually(async () => assert.match(await preview.innerText(), /ten minutes of\s+flushing/));

    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /^Sign…/ }).click();
    const dialog = page.getByRole("dialog", { name: /Sign report/ });
    await see(dialog.getByText(made.accession_number));
    await see(dialog.getByText("SHA-256"));
    await see(dialog.getByText(person("water", "authorizer").name));
    await settled(page);
    await accessible(page, "the signing dialog");
    await dialog.getByRole("button", { name: "Sign" }).click();
    await see(dialog.getByText("Type your password to sign."));
    page.expecting(/status of 403/);
    await dialog.getByLabel("Your password").fill("not-my-password-9");
    await dialog.getByRole("button", { name: "Sign" }).click();
    await see(dialog.getByText("This is not your password."));
    await dialog.getByLabel("Your password").fill(person("water", "authorizer").password);
    await dialog.getByRole("button", { name: "Sign" }).click();
    await gone(dialog);
    await see(
      page.getByRole("region", { name: "Signature" }).getByText("Results reviewed and authorised for reporting"),
    );

    await page.getByRole("button", { name: /^Release/ }).click();
    const release = page.getByRole("dialog", { name: /Release report/ });
    await release.getByRole("button", { name: "Release" }).click();
    await gone(release);
    const check = page.getByRole("region", { name: "Public check" });
    await see(check);

    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Download" }).click(),
    ]);
    const bytes = await readFile(await file.path());
    assert.equal(bytes.subarray(0, 5).toString(), "%PDF-");
    assert.match(file.suggestedFilename(), /\.pdf$/);

    // A stranger who holds the paper, with no login.
    const address = new URL(await check.getByRole("link").first().getAttribute("href"));
    const stranger = await open({ path: address.pathname });
    await see(stranger.getByText(/genuine/i));
    const words = await stranger.locator("body").innerText();
    assert.match(words, /Riverbend Water Laboratory/);
    assert.doesNotMatch(words, /Chloride|18\.2|Talbot/, "the public check reveals nothing of the contents");
    await accessible(stranger, "the public check");
    stranger.expecting(/status of 404/);
    await stranger.goto(`${address.pathname.slice(0, -4)}ZZZZ`);
    await see(stranger.getByText(/unknown|not known|no report/i));
  },
);

story("An amendment supersedes the report it replaces, and the old code says so", async ({ open }) => {
  const old = await report("released");
  const page = await open({ role: "authorizer", path: `/reports/${old.id}` });
  await settled(page);
  await page.getByRole("button", { name: "Amend…" }).click();
  const dialog = page.getByRole("dialog", { name: /Amend report/ });
  await dialog.getByRole("button", { name: "Draft the new version" }).click();
  await see(dialog.getByText("Say why."));
  await dialog.getByRole("button", { name: "Client's data corrected" }).click();
  await dialog.getByRole("button", { name: "Draft the new version" }).click();
  await see(page.getByText("Will replace"));
  await settled(page);
  await page.getByRole("button", { name: /^Sign…/ }).click();
  const sign = page.getByRole("dialog", { name: /Sign report/ });
  await sign.getByLabel("Your password").fill(person("water", "authorizer").password);
  await sign.getByRole("button", { name: "Sign" }).click();
  await gone(sign);
  await page.getByRole("button", { name: /^Release/ }).click();
  await page
    .getByRole("dialog", { name: /Release report/ })
    .getByRole("button", { name: "Release" })
    .click();
  await see(page.getByText(/^Replaces/));
  await page.goto(`/reports/${old.id}`);
  await see(page.getByText("Replaced by"));
  const answer = await (await fetch(`${base}/public/reports/${old.verification_code}`)).json();
  assert.equal(answer.status, "superseded");
});

story("Who may not sign sees why the button rests", async ({ open }) => {
  const draft = await report("draft");
  const page = await open({ role: "analyst", path: `/reports/${draft.id}` });
  await settled(page);
  const sign = page.getByRole("button", { name: /^Sign…/ });
  assert.equal(await sign.getAttribute("aria-disabled"), "true");
  await sign.hover();
  await see(page.getByText(/Your roles lack the permission report:authorize/));
  await page.keyboard.press("s");
  assert.equal(await page.getByRole("dialog").count(), 0);
});

story("A draft that has changed since it was looked at is not signed", async ({ open }) => {
  const draft = await report("draft");
  const page = await open({ role: "authorizer", path: `/reports/${draft.id}` });
  await settled(page);
  await page.getByRole("button", { name: /^Sign…/ }).click();
  const dialog = page.getByRole("dialog", { name: /Sign report/ });
  await see(dialog);
  await as(
    "water",
    "manager",
    "PATCH",
    `/reports/${draft.id}`,
    { remarks: "Changed behind your back" },
    { version: draft.version },
  );
  page.expecting(/status of (409|412)/);
  await dialog.getByLabel("Your password").fill(person("water", "authorizer").password);
  await dialog.getByRole("button", { name: "Sign" }).click();
  await see(dialog.getByText(/The report has changed since you looked at it/));
  assert.equal((await as("water", "authorizer", "GET", `/reports/${draft.id}`)).status, "draft");
});

story("Results that await verification cannot slip onto a final report", async ({ open }) => {
  const made = await sample({ tests: [PH, NITRITE], values: { [PH]: "7.4" }, name: "Open" });
  const page = await open({ role: "authorizer", path: "/reports/new" });
  await settled(page);
  await page.getByRole("searchbox").fill(made.accession_number);
  await see(page.getByText("No sample is ready to be reported"));
});
