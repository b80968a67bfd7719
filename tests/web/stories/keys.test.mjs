// The key that signs the audit log is replaced by two administrators, and what this browser remembers of the log goes on with it.
import { as, hire } from "../support/lab.mjs";
import { accessibleInBoth, assert, confirm, confirmWith, gone, see, settled, story } from "../support/story.mjs";
import { signIn } from "../support/door.mjs";

story("Two administrators replace the signing key, and an entry stays proven", async ({ open }) => {
  const { keys: before } = await as("water", "administrator", "GET", "/audit/keys");
  const first = await open({ role: "administrator", path: "/audit/0" });
  await see(first.getByRole("heading", { name: "Proven on this computer" }));
  await see(first.getByText("This browser sees the log key for the first time."));
  first.expecting(/status of 403/);
  await first.goto("/audit");
  await first.getByRole("link", { name: "Signing keys" }).click();
  await see(first.getByText(before[0].verifier_key));
  await first.getByRole("button", { name: "Replace the key…" }).click();
  const dialog = first.getByRole("dialog", { name: "Replace the signing key" });
  await dialog.getByRole("button", { name: "Ask for it" }).click();
  await see(dialog.getByText("Say why."));
  await accessibleInBoth(first);
  await dialog.getByRole("button", { name: "Yearly rotation" }).click();
  await dialog.getByRole("button", { name: "Ask for it" }).click();
  await confirm(first, "administrator");
  await see(first.getByRole("dialog", { name: "A second person is needed" }));
  await first.getByRole("button", { name: "Understood" }).click();
  await see(first.getByText(/You asked for this on/));
  assert.equal(await first.getByRole("button", { name: "Confirm the new key…" }).count(), 0, "nobody confirms their own");

  const { user, password } = await hire("Administrator");
  const second = await open();
  await signIn(second, user, password);
  await see(second.getByRole("heading", { level: 1 }));
  await settled(second);
  second.expecting(/status of 403/);
  await second.goto("/two-person-requests");
  await second.getByRole("link", { name: "Replace the audit log's signing key" }).click();
  await accessibleInBoth(second);
  await second.getByRole("button", { name: "Confirm the new key…" }).click();
  const same = second.getByRole("dialog", { name: "Replace the signing key" });
  await see(same.getByText(/asked for this on/));
  await same.getByLabel("Reason").fill("as agreed");
  await same.getByRole("button", { name: "Confirm it" }).click();
  await confirmWith(second, password);
  await gone(same);
  const { keys } = await as("water", "administrator", "GET", "/audit/keys");
  assert.notEqual(keys[0].verifier_key, before[0].verifier_key);
  await see(second.getByText(keys[0].verifier_key));
  await see(second.getByRole("heading", { name: "Keys before" }));
  await see(second.getByText("as agreed"));
  await accessibleInBoth(second);

  // The first browser remembers the old key: it follows the log to the new one by itself.
  await first.goto("/audit/1");
  await see(first.getByRole("heading", { name: "Proven on this computer" }));
  await see(first.getByText(/The log key was replaced since this browser last looked/));
});
