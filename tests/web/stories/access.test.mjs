// How people get in: the second step, what must be set up first, passkeys, letters with links, signing with both.
import { base, hire, laboratory, report } from "../support/lab.mjs";
import { arrived, signIn, signOut } from "../support/door.mjs";
import { demonstrationMail, house, linkOf, owner } from "../support/house.mjs";
import { codeOf } from "../support/totp.mjs";
import { accessibleInBoth, assert, confirmWith, eventually, gone, see, settled, story } from "../support/story.mjs";

story(
  "A new administrator sets up a second factor before anything else opens, and signs in with it from then on",
  async ({ open }) => {
    const { base: at } = await house();
    const page = await open({ at });
    page.expecting(/status of (401|403|422)/);
    await signIn(page, owner, owner.password);
    await see(page.getByRole("heading", { level: 1, name: "Add a second factor" }));
    await accessibleInBoth(page, "the choice of a second factor");
    await page.goto("/users");
    await see(page.getByRole("heading", { level: 1, name: "Add a second factor" }));

    await page.getByRole("button", { name: /Authenticator app/ }).click();
    await see(page.getByRole("img", { name: "QR code for the authenticator app" }));
    const secret = (await page.getByLabel("Key for the app").innerText()).replaceAll(" ", "");
    await accessibleInBoth(page, "the enrolment of an app");
    await page.getByLabel("Six digits").fill("000000");
    await page.getByRole("button", { name: "Confirm" }).click();
    await see(page.getByText("This code does not fit."));
    await page.getByLabel("Six digits").fill(codeOf(secret));
    await page.getByRole("button", { name: "Confirm" }).click();
    await see(page.getByRole("heading", { level: 1, name: "Keep your recovery codes" }));
    const [spare] = await page.getByRole("list", { name: "Recovery codes" }).getByRole("listitem").allInnerTexts();
    await accessibleInBoth(page, "the recovery codes");
    await page.getByRole("checkbox", { name: "I have kept them" }).check();
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByRole("button", { name: "To the work" }).click();
    await see(page.getByRole("heading", { level: 1, name: "Users" }));
    await settled(page);

    await signOut(page, owner.name);
    await signIn(page, owner, owner.password);
    await see(page.getByRole("heading", { level: 1, name: "Second step" }));
    await accessibleInBoth(page, "the second step");
    const code = page.getByLabel("Code from your authenticator app");
    await code.fill("000000");
    await page.getByRole("button", { name: "Sign in" }).click();
    await see(page.getByText("This code is not right, or has been used already."));
    // The code of the enrolment is used up; the clock's next one is taken.
    await code.fill(codeOf(secret, 1));
    await page.getByRole("button", { name: "Sign in" }).click();
    await arrived(page);
    await settled(page);

    await signOut(page, owner.name);
    await signIn(page, owner, owner.password);
    await page.getByText("Recovery code", { exact: true }).click();
    await page.getByLabel("One of your recovery codes").fill(spare);
    await page.getByRole("button", { name: "Sign in" }).click();
    await arrived(page);
    await page.goto("/account");
    await see(page.getByText("9 left, for when the rest is lost"));
  },
);

story("A password that somebody else chose is replaced before the work opens", async ({ open }) => {
  const { base: at } = await house({ second_factor: "off", change_initial: true });
  const nina = { email: "nina@meadow-lab.example", password: "Handed-over-7-quills" };
  const page = await open({ at });
  page.expecting(/status of (401|403|422)/);
  await signIn(page, owner, owner.password);
  await arrived(page);
  await page.goto("/users/new");
  await settled(page);
  await page.getByLabel("Full name").fill("Nina Nowa");
  await page.getByLabel("E-mail").fill(nina.email);
  await page.getByRole("checkbox", { name: /^Analyst/ }).check();
  await page.getByText("A password that you hand over").click();
  await page.getByRole("textbox", { name: "Password" }).fill(nina.password);
  await page.getByRole("button", { name: "Add the user" }).click();
  await see(page.getByRole("heading", { level: 1, name: /Nina Nowa/ }));
  await settled(page);
  await signOut(page, owner.name);

  await signIn(page, nina, nina.password);
  await see(page.getByRole("heading", { level: 1, name: "Choose your own password" }));
  await accessibleInBoth(page, "the choice of a password");
  await page.getByLabel("Present password").fill(nina.password);
  await page.getByLabel("New password").fill("qwertyuiop12!");
  await see(page.getByText(/^(Very weak|Weak|Guessed at once)$/));
  await page.getByRole("button", { name: "Set my password" }).click();
  await eventually(async () =>
    assert.equal(await page.getByLabel("New password").getAttribute("aria-invalid"), "true"),
  );
  await page.getByLabel("New password").fill("Three otters 4 breakfast");
  await see(page.getByText(/^(Very strong|Strong)$/));
  await page.getByRole("button", { name: "Set my password" }).click();
  await page.getByRole("button", { name: "To the work" }).click();
  await arrived(page);
});

story("A passkey is added, renamed, signs its owner in, and is removed", async ({ open }) => {
  const { base: at } = await house({ second_factor: "off" });
  const page = await open({ at });
  page.expecting(/status of (401|403)/);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await signIn(page, owner, owner.password);
  await arrived(page);
  await settled(page);
  await page.goto("/account");
  const card = page.getByRole("region", { name: "Second factor" });
  await card.getByRole("button", { name: "Add…" }).click();
  const making = page.getByRole("dialog", { name: "New passkey" });
  await making.getByLabel("Name").fill("Bench computer");
  await making.getByRole("button", { name: "Make the passkey" }).click();
  await confirmWith(page, owner.password);
  const keeping = page.getByRole("dialog", { name: "Your recovery codes" });
  await see(keeping);
  await keeping.getByRole("checkbox", { name: "I have kept them" }).check();
  await keeping.getByRole("button", { name: "Done" }).click();
  await gone(keeping);
  await see(card.getByText("Bench computer"));

  await card.getByRole("button", { name: "Rename Bench computer" }).click();
  const renaming = page.getByRole("dialog", { name: "Rename Bench computer" });
  await renaming.getByLabel("Name").fill("Bench 2");
  await renaming.getByRole("button", { name: "Rename" }).click();
  await see(card.getByText("Bench 2"));
  await settled(page);

  await signOut(page, owner.name);
  await signIn(page, owner, owner.password);
  await see(page.getByRole("heading", { level: 1, name: "Second step" }));
  await page.getByText("Passkey", { exact: true }).click();
  await page.getByRole("button", { name: "Use the passkey" }).click();
  await arrived(page);
  await page.keyboard.press("Control+l");
  const locked = page.getByRole("dialog", { name: "The screen is locked" });
  await locked.getByRole("button", { name: "Use a passkey" }).click();
  await gone(locked);
  await page.goto("/account");
  await see(card.getByText(/Passkey, last used/));
  await card.getByRole("button", { name: "Remove Bench 2" }).click();
  await page.getByRole("dialog", { name: "Remove Bench 2?" }).getByRole("button", { name: "Remove" }).click();
  // It proves for the last time that it is them.
  await page.getByRole("button", { name: "Use the passkey" }).click();
  await see(card.getByText("Off", { exact: true }));
});

story("A forgotten password is replaced by a link from a letter, which works once", async ({ open }) => {
  const { user, password } = await hire();
  const page = await open({ path: "/sign-in" });
  page.expecting(/status of (401|404)/);
  await page.getByRole("link", { name: "Forgotten your password?" }).click();
  await see(page.getByRole("heading", { level: 1, name: "Forgotten your password?" }));
  await page.getByLabel("E-mail address").fill(user.email);
  await page.getByRole("button", { name: "Send the link" }).click();
  await see(page.getByRole("heading", { level: 1, name: "Look into your mail" }));

  const link = await linkOf(demonstrationMail(), user.email);
  await page.goto(link.replace(/^.*\/password/, "/password"));
  await see(page.getByRole("heading", { level: 1, name: "Choose a new password" }));
  assert.doesNotMatch(page.url(), /token/, "the token is gone from the address");
  await page.getByLabel("New password").fill("Riverbend-1");
  await see(page.getByText(/^(Very weak|Weak|Guessed at once)$/));
  await accessibleInBoth(page, "the choice of a new password");
  await page.getByLabel("New password").fill("Eleven slow tugboats, 3 barges");
  await see(page.getByText(/^(Very strong|Strong)$/));
  await page.getByRole("button", { name: "Set the password" }).click();
  await see(page.getByRole("heading", { level: 1, name: "Your password is set" }));
  await page.getByRole("link", { name: "Sign in" }).click();
  await signIn(page, user, password);
  await see(page.getByText("E-mail address and password do not match."));
  await signIn(page, user, "Eleven slow tugboats, 3 barges");
  await arrived(page);

  const again = await open({ path: link.replace(/^.*\/password/, "/password") });
  again.expecting(/status of 404/);
  await see(again.getByRole("heading", { level: 1, name: "This link no longer works" }));
  await accessibleInBoth(again, "a link that is over");
});

story("Somebody is invited, chooses a password that nobody else knows, and comes in", async ({ open }) => {
  const mark = Math.random().toString(36).slice(2, 8);
  const email = `iga-${mark}@riverbend-water.example`;
  const page = await open({ role: "administrator", path: "/users/new" });
  await settled(page);
  await page.getByLabel("Full name").fill(`Iga ${mark}`);
  await page.getByLabel("E-mail").fill(email);
  await page.getByRole("checkbox", { name: /^Analyst/ }).check();
  await page.getByRole("button", { name: "Add and invite" }).click();
  await see(page.getByRole("heading", { level: 1, name: new RegExp(`Iga ${mark}.*Invited`) }));
  const first = await linkOf(demonstrationMail(), email);
  await page.getByRole("button", { name: "Send the invitation again…" }).click();
  const dialog = page.getByRole("dialog", { name: `Invite Iga ${mark} again` });
  await dialog.getByRole("button", { name: "Send the link" }).click();
  await see(page.getByText(`A link is on its way to ${email}`));
  await page.getByRole("button", { name: "Done" }).click();
  const link = await eventually(async () => {
    const newest = await linkOf(demonstrationMail(), email);
    assert.notEqual(newest, first);
    return newest;
  });

  const theirs = await open({ path: link.replace(/^.*\/password/, "/password") });
  await see(theirs.getByRole("heading", { level: 1, name: `Welcome to ${laboratory("water").name}` }));
  await accessibleInBoth(theirs, "an invitation");
  await theirs.getByLabel("New password").fill("Four quiet pines, 1 hill");
  await theirs.getByRole("button", { name: "Set the password" }).click();
  await theirs.getByRole("link", { name: "Sign in" }).click();
  await signIn(theirs, { email }, "Four quiet pines, 1 hill");
  await arrived(theirs);
  await page.reload();
  await see(page.getByRole("heading", { level: 1, name: new RegExp(`Iga ${mark}.*Active`) }));
});

/** An authenticator app and recovery codes for somebody, over the interface. */
async function enrol({ email }, password) {
  const post = async (path, body, token) => {
    const answer = await fetch(`${base}/api/v1${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify(body),
    });
    assert.ok(answer.ok, `${path}: ${answer.status}`);
    return answer.json();
  };
  const { access_token: token } = await post("/auth/login", { email, password, laboratory: laboratory("water").slug });
  await post("/auth/reauthenticate", { password }, token);
  const { secret } = await post("/auth/mfa/totp", {}, token);
  const { recovery_codes: codes } = await post("/auth/mfa/totp/confirm", { code: codeOf(secret) }, token);
  return { secret, codes };
}

story("Whoever has a second factor signs a report with it, besides the password", async ({ open }) => {
  const draft = await report("draft");
  const { user, password } = await hire("Authorizer");
  const { secret, codes } = await enrol(user, password);
  const page = await open({ path: `/reports/${draft.id}` });
  page.expecting(/status of (401|403)/);
  await signIn(page, user, password);
  await page.getByText("Recovery code", { exact: true }).click();
  await page.getByLabel("One of your recovery codes").fill(codes[0]);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: /^Sign…/ }).click();
  const dialog = page.getByRole("dialog", { name: /Sign report/ });
  const code = dialog.getByLabel("Code from your authenticator app");
  await see(code);
  await accessibleInBoth(page, "signing with a second factor");
  await dialog.getByLabel("Your password").fill(password);
  await dialog.getByRole("button", { name: "Sign", exact: true }).click();
  await see(dialog.getByText("Type the code."));
  await code.fill("000000");
  await dialog.getByRole("button", { name: "Sign", exact: true }).click();
  await see(dialog.getByText("The password or the second factor is not right. Nothing was signed."));
  await dialog.getByLabel("Your password").fill(password);
  await code.fill(codeOf(secret, 1));
  await dialog.getByRole("button", { name: "Sign", exact: true }).click();
  await gone(dialog);
  await see(page.getByText(new RegExp(user.name)).first());
});
