// Who may what: why, compared with whom, until when; programs' accounts; the laboratory's rules; the walls.
import { as, base, hire, reference, serviceAccount } from "../support/lab.mjs";
import { house, owner } from "../support/house.mjs";
import {
  accessibleInBoth,
  assert,
  choose,
  confirm,
  confirmWith,
  eventually,
  gone,
  see,
  settled,
  story,
} from "../support/story.mjs";

const asked = (token) =>
  fetch(`${base}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } }).then((answer) => answer.status);

story("A program gets an account, its token is shown once, works, is rotated and revoked", async ({ open }) => {
  const name = reference("Analyser");
  const page = await open({ role: "administrator", path: "/service-accounts/new" });
  page.expecting(/status of 403/);
  await settled(page);
  await page.getByRole("button", { name: "Create the account" }).click();
  await see(page.getByText("A name is needed."));
  await page.getByRole("region", { name: "Program" }).getByLabel("Name").fill(name);
  await page.getByLabel("Only from these addresses").fill("somewhere");
  await page.getByRole("checkbox", { name: /^Integrator/ }).check();
  await page.getByRole("button", { name: "Create the account" }).click();
  await see(page.getByText("somewhere is no address and no range."));
  await page.getByLabel("Only from these addresses").fill("127.0.0.0/8");
  await page.getByRole("button", { name: "Create the account" }).click();
  await confirm(page, "administrator");
  await see(page.getByRole("heading", { level: 1, name: new RegExp(name) }));

  await page.getByRole("button", { name: "New token…" }).click();
  const making = page.getByRole("dialog", { name: `New token for ${name}` });
  await making.getByLabel("Name").fill("Bench");
  await making.getByRole("button", { name: "Make the token" }).click();
  const shown = page.getByRole("dialog", { name: "Your new token" });
  const token = await shown.getByText(/^att_/).innerText();
  await accessibleInBoth(page, "a new token");
  await page.keyboard.press("Escape");
  await see(shown);
  await shown.getByRole("checkbox", { name: "I have put it where it belongs" }).check();
  await shown.getByRole("button", { name: "Done" }).click();
  await gone(shown);
  assert.equal(await page.getByText(token).count(), 0, "nowhere else");
  assert.equal(await asked(token), 200);
  await page.reload();
  const rows = page.getByRole("region", { name: "Tokens" }).getByRole("listitem");
  await see(rows.first().getByText(/last used/));

  await rows.first().getByRole("button", { name: "Rotate…" }).click();
  const rotating = page.getByRole("dialog", { name: "Rotate Bench" });
  await rotating.getByLabel("The old one ends").selectOption({ label: "at once" });
  await rotating.getByRole("button", { name: "Make the new token" }).click();
  const next = await shown.getByText(/^att_/).innerText();
  await shown.getByRole("checkbox").check();
  await shown.getByRole("button", { name: "Done" }).click();
  assert.equal(await asked(token), 401);
  assert.equal(await asked(next), 200);
  await settled(page);
  await rows.first().getByRole("button", { name: "Revoke…" }).click();
  const revoking = page.getByRole("dialog", { name: "Revoke Bench" });
  await revoking.getByRole("button", { name: "No longer used" }).click();
  await revoking.getByRole("button", { name: "Revoke", exact: true }).click();
  await gone(revoking);
  await see(rows.first().getByText("Revoked"));
  assert.equal(await asked(next), 401);
});

story("A program is denied one permission for a reason, and a token of it has only what was chosen", async ({ open }) => {
  const { id, name } = await serviceAccount();
  const page = await open({ role: "administrator", path: `/service-accounts/${id}` });
  page.expecting(/status of 403/);
  await settled(page);
  await page.getByRole("button", { name: "Add an exception" }).click();
  await choose(page, "Permission", "Export results");
  await page.getByText("Taken", { exact: true }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await see(page.getByText("Say why."));
  await page.getByLabel("Reason").fill("Results leave by report only");
  await page.getByRole("button", { name: "Save" }).click();
  await confirm(page, "administrator");
  await eventually(async () => {
    const { grants } = await as("water", "administrator", "GET", `/service-accounts/${id}`);
    assert.deepEqual(
      grants.map(({ permission, effect, reason }) => [permission, effect, reason]),
      [["result:export", "deny", "Results leave by report only"]],
    );
  });
  await settled(page);

  await page.getByRole("button", { name: "New token…" }).click();
  const making = page.getByRole("dialog", { name: `New token for ${name}` });
  await making.getByLabel("Only some of the account's permissions").check();
  await making.getByRole("button", { name: "Make the token" }).click();
  await see(making.getByText("Choose at least one permission."));
  assert.equal(await making.getByRole("checkbox", { name: "Export results" }).count(), 0, "the account lacks it");
  await making.getByRole("checkbox", { name: "See samples" }).check();
  await accessibleInBoth(page, "choosing a token's permissions");
  await making.getByRole("button", { name: "Make the token" }).click();
  const shown = page.getByRole("dialog", { name: "Your new token" });
  const token = await shown.getByText(/^att_/).innerText();
  await shown.getByRole("checkbox").check();
  await shown.getByRole("button", { name: "Done" }).click();
  await see(page.getByText("only 1 permission: sample:read"));
  const status = (path) =>
    fetch(`${base}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } }).then((answer) => answer.status);
  assert.equal(await status("/samples"), 200);
  assert.equal(await status("/results"), 403);
});

story("An exception is given until a day, and the page of rights says why somebody may", async ({ open }) => {
  const { user } = await hire("Viewer");
  const admin = await open({ role: "administrator", path: `/users/${user.id}` });
  admin.expecting(/status of 403/);
  await settled(admin);
  await admin.getByRole("button", { name: "Add an exception" }).click();
  await choose(admin, "Permission", "Read the audit trail");
  await admin.getByLabel("Reason").fill("Stands in during July");
  await admin.getByLabel("Last day").last().fill("31.12.2027");
  await admin.getByRole("button", { name: "Save", exact: true }).click();
  await confirm(admin, "administrator");
  await eventually(async () =>
    assert.equal((await as("water", "administrator", "GET", `/users/${user.id}`)).grants.length, 1),
  );
  const [grant] = (await as("water", "administrator", "GET", `/users/${user.id}`)).grants;
  assert.ok(grant.until > "2027-12-31T12:00:00Z", grant.until);
  await settled(admin);
  assert.equal(await admin.getByRole("region", { name: "Exceptions" }).getByLabel("Last day").inputValue(), "2027-12-31");
  await admin.getByRole("link", { name: "Why may they do that?" }).click();
  await see(admin.getByRole("heading", { level: 1, name: `Why may ${user.name} do that?` }));
  await admin.getByRole("searchbox", { name: "Search for a permission" }).fill("audit:read");
  await see(admin.getByText(/Stands in during July/));
  await see(admin.getByText(/Given by/));
  await admin.getByRole("searchbox", { name: "Search for a permission" }).fill("result:verify");
  await see(admin.getByText("No role and no exception gives it."));
});

story("Two roles are compared: what differs comes first, what is the same when asked for", async ({ open }) => {
  const page = await open({ role: "administrator", path: "/roles" });
  await settled(page);
  await page.getByRole("link", { name: "Compare…" }).click();
  await see(page.getByText("Choose both sides"));
  const { items } = await as("water", "administrator", "GET", "/roles?limit=200");
  const id = (slug) => items.find((each) => each.slug === slug).id;
  await page.goto(`/roles/compare?left=role:${id("analyst")}&right=role:${id("authorizer")}`);
  const table = page.getByRole("table", { name: "Permissions side by side" });
  await see(table.getByRole("columnheader", { name: /Analyst/ }));
  await see(table.getByText("result:enter"));
  await see(table.getByText("report:authorize"));
  assert.equal(await table.getByText("sample:read").count(), 0, "both may");
  await page.getByRole("checkbox", { name: "Show also what both hold" }).check();
  await see(table.getByText("sample:read"));
  await page.getByRole("button", { name: "Swap the sides" }).click();
  await eventually(async () => assert.match(page.url(), new RegExp(`left=role:${id("authorizer")}|left=role%3A${id("authorizer")}`)));
  await page.goto(`/roles/compare?left=role:${id("analyst")}&right=role:${id("analyst")}`);
  await see(page.getByText("There is no difference"));
});

story("The laboratory's rules have safe bounds, and a change of them needs a fresh proof", async ({ open }) => {
  const { base: at } = await house({ second_factor: "off" });
  const page = await open({ at });
  page.expecting(/status of (401|403)/);
  await page.getByLabel("E-mail address").fill(owner.email);
  await page.getByLabel("Password", { exact: true }).fill(owner.password);
  await page.keyboard.press("Enter");
  await see(page.getByRole("navigation", { name: "Main" }));
  await settled(page);
  await page.goto("/laboratory/security");
  await settled(page);
  const least = page.getByLabel("Shortest password, in characters");
  await least.fill("7");
  await see(page.getByText("A whole number from 8 to 64."));
  await least.fill("14");
  await page.getByLabel("The laboratory's own words").fill("meadow\nheron");
  await page.getByRole("button", { name: "Save the rules" }).click();
  await confirmWith(page, owner.password);
  await see(page.getByRole("button", { name: "Save the rules" }).and(page.locator("[aria-disabled=true]:not([aria-busy=true])")));
  await page.reload();
  await settled(page);
  assert.equal(await least.inputValue(), "14");
  assert.equal(await page.getByLabel("The laboratory's own words").inputValue(), "meadow\nheron");
  const analyst = page.getByRole("switch", { name: "Second factor for Analyst" });
  assert.equal(await analyst.getAttribute("aria-disabled"), "true", "asked for nowhere");
  await page.getByText("Where a role asks").click();
  await page.getByRole("button", { name: "Save the rules" }).click();
  // The administrator's role asks for one: from here on only that opens.
  await see(page.getByRole("heading", { level: 1, name: "Add a second factor" }));
});

story("The walls between laboratories are shown standing, tried just now", async ({ open }) => {
  const page = await open({ role: "auditor", path: "/laboratory/separation" });
  await settled(page);
  await see(page.getByText("Every wall stands."));
  await see(page.getByText("A query without a laboratory cannot be written"));
  const tried = page.getByRole("region", { name: "Tried just now" }).getByRole("listitem");
  assert.ok((await tried.count()) >= 4);
  for (const each of await tried.all()) assert.match(await each.innerText(), /refused/);
});
