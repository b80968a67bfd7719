// An administrator's day: a person comes, a role changes, a person leaves.
import { randomUUID } from "node:crypto";
import { as, base, hire, laboratory } from "../support/lab.mjs";
import { accessibleInBoth, assert, choose, confirm, eventually, gone, see, settled, story } from "../support/story.mjs";

const login = ({ email }, password) =>
  fetch(`${base}/api/v1/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password, laboratory: laboratory("water").slug }),
  });

story("The administrator adds a person, who signs in with the password that was handed over", async ({ open }) => {
  const mark = randomUUID().slice(0, 8);
  const page = await open({ role: "administrator", path: "/users" });
  await settled(page);
  await page.getByRole("link", { name: "New user" }).click();
  await see(page.getByRole("heading", { level: 1, name: "New user" }));
  await settled(page);
  await page.getByText("A password that you hand over").click();
  await page.getByRole("button", { name: "Add the user" }).click();
  await see(page.getByText("A name is needed."));
  await see(page.getByText("Choose at least one role."));
  await page.getByLabel("Full name").fill(`Ada ${mark}`);
  await page.getByLabel("E-mail").fill(`ada-${mark}@riverbend-water.example`);
  await page.getByRole("checkbox", { name: /^Analyst/ }).check();
  await page.getByRole("textbox", { name: "Password" }).fill("short");
  page.expecting(/status of 422/);
  await page.getByRole("button", { name: "Add the user" }).click();
  await eventually(async () =>
    assert.equal(await page.getByRole("textbox", { name: "Password" }).getAttribute("aria-invalid"), "true"),
  );
  await page.getByRole("button", { name: "Make one" }).click();
  const password = await page.getByRole("textbox", { name: "Password" }).inputValue();
  await page.getByRole("button", { name: "Add the user" }).click();
  await see(page.getByRole("heading", { level: 1, name: new RegExp(`Ada ${mark}`) }));

  const theirs = await open();
  await theirs.getByLabel("E-mail address").fill(`ada-${mark}@riverbend-water.example`);
  await theirs.getByLabel("Password", { exact: true }).fill(password);
  await theirs.keyboard.press("Enter");
  await see(theirs.getByRole("heading", { level: 1, name: "What waits for you" }));
});

story("Somebody who is deactivated is out with their next click", async ({ open }) => {
  const { user, password } = await hire();
  const theirs = await open();
  await theirs.getByLabel("E-mail address").fill(user.email);
  await theirs.getByLabel("Password", { exact: true }).fill(password);
  await theirs.keyboard.press("Enter");
  await see(theirs.getByRole("heading", { level: 1, name: "What waits for you" }));
  await settled(theirs);

  const page = await open({ role: "administrator", path: `/users?q=${user.email}` });
  await page.getByRole("link", { name: user.name }).click();
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Deactivate…" }).click();
  const dialog = page.getByRole("dialog", { name: `Deactivate ${user.name}` });
  await dialog.getByRole("button", { name: "Deactivate", exact: true }).click();
  await see(dialog.getByText("Say why."));
  await dialog.getByRole("button", { name: "Left the laboratory" }).click();
  await dialog.getByRole("button", { name: "Deactivate", exact: true }).click();
  await gone(dialog);
  await see(page.getByRole("heading", { level: 1, name: /Deactivated/ }));

  theirs.expecting(/status of 401/);
  await theirs.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Samples", exact: true }).click();
  await see(theirs.getByRole("heading", { name: "Sign in" }));
  assert.equal((await login(user, password)).status, 401);
});

story(
  "The manager makes a role as a copy, the administrator takes a permission from it, and its holder loses it with the next page",
  async ({ open }) => {
    const name = `Bench ${randomUUID().slice(0, 8)}`;
    const manager = await open({ role: "manager", path: "/roles" });
    manager.expecting(/status of 403/);
    await settled(manager);
    await manager.getByRole("link", { name: "Analyst", exact: true }).click();
    await manager.getByRole("link", { name: "Copy as a new role" }).click();
    await see(manager.getByText("Begins as a copy of Analyst."));
    await settled(manager);
    await manager.getByLabel("Name").fill(name);
    await manager.getByRole("button", { name: "Create the role" }).click();
    await confirm(manager, "manager");
    await see(manager.getByRole("heading", { level: 1, name }));

    const { user, password } = await hire(name);
    const theirs = await open();
    await theirs.getByLabel("E-mail address").fill(user.email);
    await theirs.getByLabel("Password", { exact: true }).fill(password);
    await theirs.keyboard.press("Enter");
    const places = theirs.getByRole("navigation", { name: "Main" });
    await see(places.getByRole("link", { name: "Enter results" }));

    const page = await open({ role: "administrator", path: new URL(manager.url()).pathname });
    page.expecting(/status of 403/);
    await settled(page);
    await page.getByRole("checkbox", { name: /result:enter/ }).uncheck();
    await page.getByRole("button", { name: "Save the role" }).click();
    await confirm(page, "administrator");
    // Saved, and not still on its way.
    const saved = page.locator("[aria-disabled=true]:not([aria-busy=true])");
    await see(page.getByRole("button", { name: "Save the role" }).and(saved));
    await theirs.goto("/");
    await see(places.getByRole("link", { name: "Register" }));
    assert.equal(await places.getByRole("link", { name: "Enter results" }).count(), 0);
  },
);

story("The administrator's own role is fixed and cannot be given what it must never have", async ({ open }) => {
  const page = await open({ role: "administrator", path: "/roles" });
  await settled(page);
  await page.getByRole("link", { name: /Administrator$/ }).click();
  await see(page.getByText("This role is fixed."));
  assert.equal(await page.getByRole("checkbox", { name: /result:enter/ }).isDisabled(), true);
});

story("One's own sessions are listed, and another one can be ended", async ({ open }) => {
  const { user, password } = await hire();
  const first = await open();
  const second = await open();
  for (const page of [first, second]) {
    await page.getByLabel("E-mail address").fill(user.email);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.keyboard.press("Enter");
    await see(page.getByRole("heading", { level: 1, name: "What waits for you" }));
    await settled(page);
  }
  await first.goto("/account");
  const rows = first.getByRole("region", { name: "Where you are signed in" }).getByRole("listitem");
  await eventually(async () => assert.equal(await rows.count(), 2));
  await rows.filter({ hasNotText: "This one" }).getByRole("button", { name: "End" }).click();
  await eventually(async () => assert.equal(await rows.count(), 1));
  second.expecting(/status of 401/);
  await second.goto("/samples");
  await see(second.getByRole("heading", { name: "Sign in" }));
});

story("A competence is recorded for a new analyst, with its last day", async ({ open }) => {
  const { user } = await hire();
  const page = await open({ role: "administrator", path: `/users/${user.id}` });
  await settled(page);
  await see(page.getByText("No competence is recorded"));
  await page.getByRole("button", { name: "Record…" }).click();
  const dialog = page.getByRole("dialog", { name: `Competences of ${user.name}` });
  await dialog.getByRole("button", { name: "Record", exact: true }).click();
  await see(dialog.getByText("Choose at least one test."));
  await choose(page, "Tests and panels", "Chloride");
  await dialog.getByLabel("Valid from").fill("1.1.2026");
  await dialog.getByLabel("Last day").fill("2025-01-01");
  await dialog.getByRole("button", { name: "Record", exact: true }).click();
  await see(dialog.getByText("It would end before it begins."));
  await accessibleInBoth(page, "the recording of competences");
  await dialog.getByLabel("Last day").fill("2027-12-31");
  await dialog.getByRole("button", { name: "Record", exact: true }).click();
  await gone(dialog);
  await see(page.getByText("2026-01-01 to 2027-12-31"));
});

story(
  "A copy of a role that one could not give away names what is left out, and who could make it whole",
  async ({ open }) => {
    const { items } = await as("water", "administrator", "GET", "/roles?limit=200");
    const analyst = items.find((each) => each.name === "Analyst");
    const page = await open({ role: "administrator", path: `/roles/new?copy=${analyst.id}` });
    page.expecting(/status of 403/);
    await settled(page);
    await see(page.getByText(/permissions of this role are left out/));
    await see(page.getByText(/Enter and correct results/).first());
    await see(page.getByText("A whole copy can be made by somebody who is Laboratory manager."));
    await page.getByLabel("Name").fill(`Reduced ${randomUUID().slice(0, 8)}`);
    await page.getByRole("button", { name: "Create the role" }).click();
    await confirm(page, "administrator");
    await see(page.getByRole("heading", { level: 1, name: /Reduced/ }));
  },
);
