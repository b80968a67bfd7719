// Other systems that are told what happens: from the first address to a message that arrives, signed.
import { as, reference, sample } from "../support/lab.mjs";
import { receiver, signedWith } from "../support/receiver.mjs";
import { accessibleInBoth, assert, confirm, eventually, gone, see, settled, story } from "../support/story.mjs";

story("Another system is told of a sample, a test shows that it works, and its secret is replaced", async ({ open }) => {
  const there = await receiver();
  const name = reference("Portal");
  const page = await open({ role: "administrator", path: "/webhooks" });
  // 404: what was just deleted is read once more before its page is left.
  page.expecting(/status of (403|404|422)/);
  await settled(page);
  await page.getByRole("button", { name: "New webhook…" }).first().click();
  const making = page.getByRole("dialog", { name: "New webhook" });
  await making.getByRole("button", { name: "Add the webhook" }).click();
  await see(making.getByText("A name is needed."));
  await see(making.getByText("Choose at least one event."));
  await making.getByLabel("Name").fill(name);
  await making.getByLabel("Address").fill("https://10.1.2.3/hook");
  await making.getByRole("checkbox", { name: "Sample registered" }).check();
  await accessibleInBoth(page, "a new webhook");
  await making.getByRole("button", { name: "Add the webhook" }).click();
  await confirm(page, "administrator");
  await see(making.getByText(/10\.1\.2\.3 is in a private network/));
  await making.getByLabel("Address").fill(there.url);
  await making.getByRole("button", { name: "Add the webhook" }).click();
  const shown = page.getByRole("dialog", { name: `The secret of ${name}` });
  const secret = await shown.getByText(/^whsec_/).innerText();
  await accessibleInBoth(page, "a new secret");
  await page.keyboard.press("Escape");
  await see(shown);
  await shown.getByRole("checkbox", { name: "I have put it where it belongs" }).check();
  await shown.getByRole("button", { name: "Done" }).click();
  await see(page.getByRole("heading", { level: 1, name: new RegExp(name) }));
  assert.equal(await page.getByText(secret).count(), 0, "nowhere else");

  await page.getByRole("button", { name: "Send a test" }).click();
  await see(page.getByText(/^It arrived: HTTP 204/));
  // Other stories may register samples at this very moment.
  const ping = there.came.find(({ body }) => JSON.parse(body).type === "ping");
  assert.ok(signedWith(secret, ping));

  const registered = await sample({ receive: false });
  await eventually(() => assert.ok(there.came.some(({ body }) => body.includes(registered.id))));
  assert.ok(there.came.every((message) => signedWith(secret, message)));
  const messages = page.getByRole("region", { name: "Messages" });
  await page.reload();
  await see(messages.getByText(registered.accession_number));
  await see(messages.getByText("Delivered").last());
  await accessibleInBoth(page, "a webhook with messages");
  const before = there.came.length;
  await messages.getByRole("button", { name: "Send again" }).first().click();
  await eventually(() => assert.ok(there.came.length > before, "it is sent once more"));

  there.answer(500);
  await page.getByRole("button", { name: "Send a test" }).click();
  await see(page.getByText("The receiver did not take it (HTTP 500)"));

  await page.getByRole("button", { name: "Replace the secret…" }).click();
  const replacing = page.getByRole("dialog", { name: `Replace the secret of ${name}` });
  await replacing.getByRole("button", { name: "Make the new secret" }).click();
  const next = await shown.getByText(/^whsec_/).innerText();
  await shown.getByRole("checkbox").check();
  await shown.getByRole("button", { name: "Done" }).click();
  await gone(shown);
  there.answer(204);
  await page.getByRole("button", { name: "Send a test" }).click();
  await see(page.getByText(/^It arrived/));
  const last = there.came.findLast(({ body }) => JSON.parse(body).type === "ping");
  assert.ok(signedWith(secret, last) && signedWith(next, last), "both, for a day");

  await page.getByRole("button", { name: "Pause…" }).click();
  const pausing = page.getByRole("dialog", { name: `Pause ${name}` });
  await pausing.getByRole("button", { name: "The other system is being changed" }).click();
  await pausing.getByRole("button", { name: "Pause", exact: true }).click();
  await see(page.getByText("Paused", { exact: true }));
  await page.getByRole("button", { name: "Delete…" }).click();
  const deleting = page.getByRole("dialog", { name: `Delete the webhook ${name}?` });
  await deleting.getByRole("button", { name: "Delete" }).click();
  await see(page.getByRole("heading", { level: 1, name: "Webhooks" }));
  const { items } = await as("water", "administrator", "GET", "/webhooks?limit=200");
  assert.ok(items.every((each) => each.name !== name));
  there.close();
});
