// Single sign-on with a real identity provider: set up by an administrator, used by somebody who never had a password here.
import { arrived, signIn } from "../support/door.mjs";
import { house, owner } from "../support/house.mjs";
import { as, base, laboratory, report } from "../support/lab.mjs";
import { client, provider, signInThere } from "../support/provider.mjs";
import { accessibleInBoth, assert, confirmWith, gone, output, see, settled, story } from "../support/story.mjs";

const nina = {
  account: "nina",
  email: "nina@meadow-lab.example",
  name: "Nina Nowa",
  groups: "lab-analysts",
};

story(
  "An administrator connects the laboratory with its identity provider, and a person comes in by it",
  async ({ open }) => {
    const { base: at } = await house({ second_factor: "off" });
    const issuer = await provider(at);
    const page = await open({ at });
    page.expecting(/status of (401|403|422)/);
    await signIn(page, owner, owner.password);
    await arrived(page);
    await page.goto("/laboratory/sign-on");
    await see(page.getByRole("heading", { level: 1, name: "Single sign-on" }));
    assert.equal(await page.getByLabel("Redirect URI").inputValue(), `${at}/api/v1/auth/sign-on/callback`);
    await page.getByLabel("Issuer").fill("http://127.0.0.1:9");
    await page.getByLabel("Client ID").fill(client.id);
    await page.getByLabel("Client secret").fill(client.secret);
    await page.getByLabel("Name on the button").fill("Meadow account");
    await page.getByLabel("Scopes asked for").fill("profile email groups");
    await page.getByRole("checkbox", { name: "Make an account for who has none yet" }).check();
    await page.getByRole("button", { name: "Map a group" }).click();
    await page.getByLabel("Group at the provider").fill("lab-analysts");
    await page.getByRole("group", { name: "Roles here" }).getByRole("checkbox", { name: "Analyst" }).check();
    await page.getByRole("button", { name: "Set up single sign-on" }).click();
    await confirmWith(page, owner.password);
    await see(page.getByText("127.0.0.1 cannot be reached"));
    await accessibleInBoth(page, "a provider that does not answer");
    await page.getByLabel("Issuer").fill(issuer);
    await page.getByRole("button", { name: "Set up single sign-on" }).click();
    await see(page.getByRole("button", { name: "Remove single sign-on" }));
    await settled(page);
    await accessibleInBoth(page, "single sign-on");
    await page.screenshot({ path: `${output}sign-on-settings.png`, fullPage: true });

    const window = await open({ at, path: "/sign-in" });
    window.expecting(/status of (401|403|404|409)/);
    const button = window.getByRole("button", { name: "Sign in with Meadow account" });
    await see(button);
    await accessibleInBoth(window, "the sign-in page with single sign-on");
    await window.screenshot({ path: `${output}sign-on-entry.png` });
    await button.click();
    await see(window.getByRole("heading", { name: "Test provider" }));
    await window.getByRole("button", { name: "Decline" }).click();
    await see(window.getByText("The sign-in was cancelled at your identity provider."));
    await accessibleInBoth(window, "the sign-in page after a refusal");
    await window.getByRole("button", { name: "Sign in with Meadow account" }).click();
    await signInThere(window, nina);
    await arrived(window);
    await see(window.getByRole("button", { name: /Nina Nowa/ }));

    // Without a password: what asks for a proof asks the provider, in a window of its own, and nothing here is lost.
    await window.goto("/account");
    await settled(window);
    await window
      .getByRole("listitem")
      .filter({ hasText: "Authenticator app" })
      .getByRole("button", { name: "Set up…" })
      .click();
    const dialog = window.getByRole("dialog", { name: "Confirm that it is you" });
    await see(dialog.getByRole("button", { name: "Confirm with Meadow account" }));
    await accessibleInBoth(window, "the proof at the provider");
    const [other] = await Promise.all([
      window.context().waitForEvent("page"),
      dialog.getByRole("button", { name: "Confirm with Meadow account" }).click(),
    ]);
    await signInThere(other, nina);
    await gone(dialog);
    await see(window.getByRole("img", { name: "QR code for the authenticator app" }));
  },
);

story("Somebody without a password signs a report by confirming at the provider", async ({ open }) => {
  const { items } = await as("water", "administrator", "GET", "/roles?limit=200");
  const authorizer = items.find((each) => each.slug === "authorizer").id;
  const settings = {
    name: "Riverbend account",
    issuer: await provider(base),
    client_id: client.id,
    client_secret: client.secret,
    scopes: ["profile", "email", "groups"],
    create_accounts: true,
    role_map: [{ value: "lab-signatories", role_ids: [authorizer] }],
  };
  const { version } = await as("water", "administrator", "GET", "/laboratory/sign-on");
  await as("water", "administrator", "PUT", "/laboratory/sign-on", settings, { version });
  const draft = await report("draft");
  const iga = {
    account: "iga",
    email: "iga@riverbend-water.example",
    name: "Iga Podpis",
    groups: "lab-signatories",
  };
  // The demonstration has two laboratories: the address says which.
  const page = await open({
    path: `/sign-in?laboratory=${laboratory("water").slug}&next=${encodeURIComponent(`/reports/${draft.id}`)}`,
  });
  page.expecting(/status of (401|403|409)/);
  await page.getByRole("button", { name: "Sign in with Riverbend account" }).click();
  await signInThere(page, iga);
  await page.getByRole("button", { name: /^Sign…/ }).click();
  const dialog = page.getByRole("dialog", { name: /^Sign report/ });
  assert.equal(await dialog.getByLabel("Your password").count(), 0);
  const [other] = await Promise.all([
    page.context().waitForEvent("page"),
    dialog.getByRole("button", { name: "Confirm with Riverbend account" }).click(),
  ]);
  await signInThere(other, iga);
  await see(dialog.getByText("Riverbend account confirmed that it is you, for this one signature."));
  await settled(page);
  await accessibleInBoth(page, "a signature by single sign-on");
  await dialog.getByRole("button", { name: "Sign", exact: true }).click();
  await gone(dialog);
  await see(page.getByRole("region", { name: "Signature" }).getByText("Iga Podpis"));
});
