// Those who run the installation: laboratories from outside, and a laboratory's data on its invitation only.
import { execFileSync } from "node:child_process";
import { arrived, signIn } from "../support/door.mjs";
import { house, owner, program } from "../support/house.mjs";
import { codeOf } from "../support/totp.mjs";
import { accessibleInBoth, assert, confirmWith, gone, output, see, settled, story } from "../support/story.mjs";

const piotr = { email: "piotr@platform.example", name: "Piotr Operator", password: "Nine-slow-otters-at-4" };

/** An operator with an authenticator app; ten recovery codes. */
async function operator({ base, folder, post }) {
  const command = ["platform", "operator", "create", "--email", piotr.email, "--name", piotr.name, "--data-dir", folder];
  const printed = execFileSync(program, command, { env: { ...process.env, DATABASE_URL: undefined }, encoding: "utf8" });
  const token = /#token=(\S+)/.exec(printed)[1];
  await post("/auth/password-reset/complete", { token, new_password: piotr.password });
  const login = await (
    await post("/auth/login", { email: piotr.email, password: piotr.password, laboratory: "platform" })
  ).json();
  const mine = async (path, body) => {
    const answer = await fetch(`${base}/api/v1${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${login.access_token}` },
      body: JSON.stringify(body),
    });
    return answer.json();
  };
  const { secret } = await mine("/auth/mfa/totp", {});
  const { recovery_codes: codes } = await mine("/auth/mfa/totp/confirm", { code: codeOf(secret) });
  return codes;
}

/** Both themes, wide and narrow, to look at. */
async function pictures(page, name) {
  for (const theme of ["light", "dark"])
    for (const [width, height] of [
      [1440, 900],
      [390, 844],
    ]) {
      await page.emulateMedia({ colorScheme: theme });
      await page.setViewportSize({ width, height });
      await settled(page);
      await page.screenshot({ path: `${output}${name}-${theme}-${width}.png` });
    }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1440, height: 900 });
}

async function confirmWithCode(page, code) {
  const dialog = page.getByRole("dialog", { name: "Confirm that it is you" });
  await dialog.getByText("Recovery code", { exact: true }).click();
  await dialog.getByLabel("One of your recovery codes").fill(code);
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await gone(dialog);
}

story("An operator opens and suspends laboratories, and helps one on its invitation until it ends it", async ({ open }) => {
  const place = await house({ second_factor: "off" });
  const codes = await operator(place);
  const at = place.base;

  const page = await open({ at });
  page.expecting(/status of (401|403|409)/);
  await signIn(page, piotr, piotr.password);
  await page.getByText("Recovery code", { exact: true }).click();
  await page.getByLabel("One of your recovery codes").fill(codes.pop());
  await page.getByRole("button", { name: "Sign in" }).click();
  await see(page.getByRole("heading", { level: 1, name: "Laboratories" }));
  await see(page.getByText("Meadow Laboratory"));
  await settled(page);
  const places = page.getByRole("navigation", { name: "Main" }).getByRole("link");
  assert.deepEqual(await places.allInnerTexts(), ["Laboratories", "Support access", "Audit trail", "Second person"]);
  await page.getByRole("button", { name: "Open a laboratory" }).click();
  const opening = page.getByRole("dialog", { name: "Open a laboratory" });
  await opening.getByRole("button", { name: "Open and invite" }).click();
  await see(opening.getByText("This is needed."));
  await accessibleInBoth(page, "the form of a new laboratory");
  await opening.getByRole("textbox", { name: "Name", exact: true }).fill("Hillside Laboratory");
  await opening.getByLabel("Short name").fill("hillside");
  await opening.getByLabel("Administrator's name").fill("Ada Minister");
  await opening.getByLabel("Administrator's e-mail").fill("ada@hillside.example");
  await opening.getByRole("button", { name: "Open and invite" }).click();
  await confirmWithCode(page, codes.pop());
  await gone(opening);
  const row = page.getByRole("row").filter({ hasText: "Hillside Laboratory" });
  await row.getByRole("button", { name: "Suspend…" }).click();
  const asking = page.getByRole("dialog", { name: "Suspend Hillside Laboratory" });
  await asking.getByLabel("Reason").fill("A drill");
  await accessibleInBoth(page, "the question before a suspension");
  await asking.getByRole("button", { name: "Suspend" }).click();
  await gone(asking);
  await see(row.getByText("Suspended"));
  await accessibleInBoth(page, "the laboratories");
  await pictures(page, "platform-laboratories");

  const theirs = await open({ at });
  theirs.expecting(/status of (401|403)/);
  await signIn(theirs, owner, owner.password);
  await arrived(theirs);
  await theirs.goto("/support-access");
  await settled(theirs);
  await theirs.getByRole("button", { name: "Invite support" }).first().click();
  const inviting = theirs.getByRole("dialog", { name: "Invite support" });
  await inviting.getByLabel("Operator's e-mail").fill(piotr.email);
  await inviting.getByRole("checkbox", { name: /^Viewer/ }).check();
  await inviting.getByLabel("Reason").fill("Results do not arrive");
  await accessibleInBoth(theirs, "the form of an invitation");
  await inviting.getByRole("button", { name: "Invite", exact: true }).click();
  await confirmWith(theirs, owner.password);
  await gone(inviting);
  await see(theirs.getByText("Invited", { exact: true }));

  await page.goto("/platform/support");
  await settled(page);
  await see(page.getByText("Results do not arrive"));
  await accessibleInBoth(page, "an operator's invitations");
  await pictures(page, "platform-support");
  await page.getByRole("button", { name: "Enter" }).click();
  await see(page.getByText(/You are here as support/));
  await page.goto("/samples");
  await see(page.getByRole("heading", { level: 1, name: "Samples" }));
  await accessibleInBoth(page, "a laboratory with support in it");

  await theirs.goto("/support-access");
  await see(theirs.getByText(/Piotr Operator of the platform's support is in this laboratory/));
  await see(theirs.getByText("In the laboratory", { exact: true }));
  await accessibleInBoth(theirs, "support access");
  await pictures(theirs, "support-access");
  await theirs.getByRole("button", { name: "End now: Piotr Operator" }).click();
  const ending = theirs.getByRole("dialog", { name: "End support access" });
  await ending.getByRole("button", { name: "Solved" }).click();
  await ending.getByRole("button", { name: "End now" }).click();
  await gone(ending);
  await see(theirs.getByText("Ended", { exact: true }));
  await page.goto("/samples");
  await see(page.getByRole("heading", { level: 1, name: "Sign in" }));
});
