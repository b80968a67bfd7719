// Signing in, and finding one's work.
import { laboratory, person } from "../support/lab.mjs";
import { assert, eventually, gone, see, settled, story } from "../support/story.mjs";

/** Each role's first page: what must be offered there, and what must not. */
const arrivals = {
  water: {
    administrator: { offers: ["Users", "Roles"], never: ["Enter results", "Verify results", "Register"] },
    manager: { offers: ["Samples", "Register", "Enter results", "Verify results"], never: ["Patients"] },
    quality_manager: { offers: ["Samples", "Audit trail"], never: ["Register", "Enter results"] },
    analyst: { offers: ["Register", "Receive", "Enter results"], never: ["Verify results", "Users", "Audit trail"] },
    authorizer: { offers: ["Verify results", "Reports"], never: ["Register", "Enter results", "Users"] },
    viewer: { offers: ["Samples", "Reports"], never: ["Register", "Enter results", "Verify results", "Users"] },
    auditor: { offers: ["Audit trail"], never: ["Register", "Enter results", "Verify results"] },
    client: { offers: ["Samples", "Reports"], never: ["Register", "Enter results", "Verify results", "Users"] },
  },
  medical: {
    technician: { offers: ["Specimens", "Enter results", "Critical values"], never: ["Verify results", "Users"] },
    doctor: { offers: ["Verify results", "Reports", "Patients"], never: ["Enter results", "Users"] },
    receptionist: { offers: ["Register", "Receive", "Patients"], never: ["Enter results", "Verify results"] },
  },
};

for (const [kind, roles] of Object.entries(arrivals))
  for (const [role, { offers, never }] of Object.entries(roles))
    story(
      `The ${role.replace("_", " ")} of the ${kind} laboratory signs in and finds fitting work`,
      async ({ open }) => {
        const who = person(kind, role);
        const page = await open();
        await page.getByLabel("E-mail address").fill(who.email);
        await page.getByLabel("Password", { exact: true }).fill(who.password);
        await page.getByRole("button", { name: "Sign in" }).click();
        const places = page.getByRole("navigation", { name: "Main" });
        await see(places);
        assert.match(await page.getByRole("heading", { level: 1 }).innerText(), /What waits for you|Welcome/);
        await see(page.getByText(laboratory(kind).name));
        await see(page.getByText(who.name));
        await settled(page);
        for (const place of offers) await see(places.getByRole("link", { name: place, exact: true }));
        for (const place of never)
          assert.equal(
            await places.getByRole("link", { name: place, exact: true }).count(),
            0,
            `${role} is offered ${place}`,
          );
      },
    );

story("A wrong password is refused in words that do not say which half was wrong", async ({ open }) => {
  const page = await open();
  page.expecting(/status of 401/);
  await page.getByLabel("E-mail address").fill(person("water", "analyst").email);
  await page.getByLabel("Password", { exact: true }).fill("not-the-password-1");
  await page.getByRole("button", { name: "Sign in" }).click();
  await see(page.getByText("E-mail address and password do not match."));
  assert.equal(await page.getByLabel("E-mail address").inputValue(), person("water", "analyst").email);
});

story("Somebody who opens a page by its address is asked to sign in and arrives there", async ({ open }) => {
  const page = await open({ path: "/samples?status=registered" });
  page.expecting(/status of 401/);
  const { email, password } = person("water", "analyst");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.keyboard.press("Enter");
  await see(page.getByRole("heading", { level: 1, name: "Samples" }));
  assert.match(page.url(), /\/samples\?status=registered/);
});

story("Signing out ends the session: the way back leads to the sign-in page", async ({ open }) => {
  const page = await open({ role: "analyst" });
  await page.getByRole("button", { name: new RegExp(person("water", "analyst").name) }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await see(page.getByRole("heading", { name: "Sign in" }));
  page.expecting(/status of 401/);
  await page.goto("/samples");
  await see(page.getByRole("heading", { name: "Sign in" }));
});

story("Everything on the home page leads to its work with one click", async ({ open }) => {
  const page = await open({ role: "manager" });
  await settled(page);
  const cards = page.getByRole("main").getByRole("listitem").getByRole("link");
  const count = await cards.count();
  assert.ok(count >= 6, `${count} cards`);
  for (const name of [
    "To receive",
    "Results to enter",
    "Results to verify",
    "Reports to authorise",
    "Reports to release",
  ]) {
    await page.getByRole("main").getByRole("link", { name }).click();
    await eventually(() => assert.notEqual(new URL(page.url()).pathname, "/"));
    await settled(page);
    await see(page.getByRole("heading", { level: 1 }));
    await page.goto("/");
    await settled(page);
  }
});

story("The palette finds a sample and a page from anywhere", async ({ open }) => {
  const page = await open({ role: "analyst", path: "/samples" });
  await settled(page);
  const first = await page.getByRole("link", { name: /^RW/ }).first().innerText();
  await page.goto("/");
  await settled(page);
  await page.keyboard.press("Control+k");
  await page.keyboard.type(first);
  await see(page.getByRole("option", { name: new RegExp(first) }));
  await page.keyboard.press("Enter");
  await see(page.getByRole("heading", { level: 1, name: new RegExp(first) }));
  await page.keyboard.press("g");
  await page.keyboard.press("h");
  await see(page.getByRole("heading", { level: 1, name: "What waits for you" }));
  await page.keyboard.press("?");
  await see(page.getByRole("dialog", { name: "Keyboard shortcuts" }));
  await page.keyboard.press("Escape");
  await gone(page.getByRole("dialog"));
});
