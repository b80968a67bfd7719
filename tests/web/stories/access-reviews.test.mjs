// Four times a year somebody looks at everybody who has access, and signs for it.
import { randomUUID } from "node:crypto";
import { as } from "../support/lab.mjs";
import { accessibleInBoth, assert, confirm, eventually, gone, see, settled, story } from "../support/story.mjs";

/** Somebody of the medical laboratory who has left. */
async function leaver() {
  const mark = randomUUID().slice(0, 8);
  return as("medical", "administrator", "POST", "/users", {
    email: `leaver-${mark}@wislana-medical.example`,
    name: `Leaver ${mark}`,
    role_ids: [],
  });
}

story("The administrator reviews who has access by the keyboard, and signs the record", async ({ open }) => {
  const { name, id } = await leaver();
  const page = await open({ kind: "medical", role: "administrator", path: "/access-reviews" });
  page.expecting(/status of 403/);
  await settled(page);
  await page.getByRole("button", { name: "Begin a review" }).click();
  const opening = page.getByRole("dialog", { name: "Begin a review of who has access" });
  await opening.getByLabel("Reason").fill("before the assessment");
  await opening.getByRole("button", { name: "Begin the review" }).click();
  await see(page.getByRole("heading", { level: 1, name: /^AR-/ }));
  await settled(page);
  await see(page.getByText(/^0 of \d+ decided$/));
  assert.equal(await page.getByRole("button", { name: "Finish…" }).getAttribute("aria-disabled"), "true");
  await accessibleInBoth(page, "an open review");

  await page.getByRole("button", { name: new RegExp(name) }).click();
  await see(page.getByText("Proposed to keep: New, and not used yet."));
  await page.keyboard.press("r");
  const dialog = page.getByRole("dialog", { name: `Deactivate ${name}` });
  await dialog.getByRole("button", { name: "Left the laboratory" }).click();
  await dialog.getByRole("button", { name: "Deactivate", exact: true }).click();
  await gone(dialog);
  await see(page.getByRole("button", { name: new RegExp(`${name} Deactivated`) }));
  assert.equal((await as("medical", "administrator", "GET", `/users/${id}`)).active, false);

  await page.keyboard.press("a");
  await see(page.getByText(/^2 of \d+ decided$/));
  await page.keyboard.press("Shift+A");
  const all = page.getByRole("dialog", { name: "Keep what is proposed to stay" });
  await see(all.getByText(/your name stands beside each/));
  await all.getByRole("button", { name: "Keep them" }).click();
  await gone(all);
  const finish = page.getByRole("button", { name: "Finish…" });
  await eventually(async () => assert.equal(await finish.getAttribute("aria-disabled"), null));
  await finish.click();
  const end = page.getByRole("dialog", { name: /^Finish review AR-/ });
  await end.getByRole("button", { name: "Sign the record" }).click();
  await confirm(page, "administrator", "medical");
  await see(page.getByRole("heading", { level: 1, name: /Finished$/ }));
  await see(page.getByText(/SHA-256/));
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download" }).click();
  assert.match((await download).suggestedFilename(), /^AR-\d+\.pdf$/);

  await page.goto("/");
  await settled(page);
  assert.equal(await page.getByText("A review of who has access is open").count(), 0);
});

story("The first page says that a review waits; an auditor reads it and decides nothing", async ({ open }) => {
  const { items } = await as("water", "administrator", "GET", "/access-reviews?status=open");
  const review = items[0] ?? (await as("water", "administrator", "POST", "/access-reviews", {}));
  const page = await open({ role: "administrator" });
  await see(page.getByText("A review of who has access is open"));
  await page.getByRole("link", { name: review.number }).click();
  await see(page.getByRole("heading", { level: 1, name: new RegExp(`^${review.number}`) }));

  const auditor = await open({ role: "auditor", path: `/access-reviews/${review.id}` });
  await settled(auditor);
  assert.equal(await auditor.getByRole("button", { name: "Keep", exact: true }).getAttribute("aria-disabled"), "true");
  await see(auditor.getByText("Your roles lack the permission user:manage."));
});
