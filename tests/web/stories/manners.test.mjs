// Language, theme, and pages somebody may not see.
import { gzipSync } from "node:zlib";
import { person } from "../support/lab.mjs";
import { accessible, assert, eventually, see, settled, story } from "../support/story.mjs";

story("The whole work is there in Polish, chosen on the sign-in page and kept", async ({ open }) => {
  const page = await open();
  const who = person("water", "manager");
  await page.getByRole("button", { name: "Polski" }).click();
  await page.getByLabel("Adres e-mail").fill(who.email);
  await page.getByLabel("Hasło", { exact: true }).fill(who.password);
  await page.getByRole("button", { name: "Zaloguj się" }).click();
  await see(page.getByRole("navigation"));
  await eventually(async () => assert.equal(await page.locator("html").getAttribute("lang"), "pl"));
  await see(page.getByRole("link", { name: "Próbki", exact: true }));
  await page.reload();
  await see(page.getByRole("link", { name: "Próbki", exact: true }));
  for (const path of ["/samples", "/samples/register", "/results", "/verification", "/reports", "/audit", "/users"]) {
    await page.goto(path);
    await settled(page);
    assert.equal(await page.locator("html").getAttribute("lang"), "pl", path);
    const words = await page.getByRole("main").innerText();
    assert.doesNotMatch(
      words,
      /\b(Search|Sample type|Nothing|Results|Client's|Show|Received|Registered)\b/,
      `${path} has English left`,
    );
  }
});

story("Dark and light can be chosen, and the choice outlives a reload", async ({ open }) => {
  const page = await open({ role: "analyst" });
  const shade = () =>
    page.evaluate(() => {
      const [red, green, blue] = getComputedStyle(document.documentElement)
        .backgroundColor.match(/[\d.]+/g)
        .map(Number);
      return red + green + blue;
    });
  await settled(page);
  assert.ok((await shade()) > 600, "light as the system is");
  await page.getByRole("button", { name: new RegExp(person("water", "analyst").name) }).click();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await eventually(async () => assert.ok((await shade()) < 200));
  await page.keyboard.press("Escape");
  await page.reload();
  await settled(page);
  assert.ok((await shade()) < 200, "still dark");
  await accessible(page, "the home page, dark by choice");
});

story("A page one may not use says so instead of breaking", async ({ open }) => {
  for (const [role, path] of [
    ["administrator", "/verification"],
    ["analyst", "/users"],
    ["viewer", "/samples/register"],
    ["auditor", "/results"],
    ["client", "/audit"],
  ]) {
    const page = await open({ role, path });
    page.expecting(/status of 403/);
    await settled(page);
    await see(page.getByRole("main").getByText("Your roles do not open this"));
  }
});

story("An address that does not exist leads back to work", async ({ open }) => {
  const page = await open({ role: "analyst" });
  // Programs are told by the status; people by the page.
  page.expecting(/status of 404/);
  await page.goto("/nowhere");
  await settled(page);
  await see(page.getByText("There is no such page"));
  await page.getByRole("link", { name: "To the first page" }).click();
  await see(page.getByRole("heading", { level: 1, name: "What waits for you" }));
});

story("The first pages are light: scripts of at most 122 kB to sign in and 154 kB to begin work", async ({ open }) => {
  /** Kilobytes of script, compressed as a server sends them, until the page stands. */
  const weigh = async (page, path) => {
    const scripts = new Map();
    const note = (answer) => {
      const { pathname } = new URL(answer.url());
      if (pathname.endsWith(".js"))
        scripts.set(
          pathname,
          answer.body().catch(() => Buffer.alloc(0)),
        );
    };
    // What the browser kept from before counts as well.
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("Network.setCacheDisabled", { cacheDisabled: true });
    page.on("response", note);
    await page.goto(path);
    await see(page.getByRole("heading", { level: 1 }));
    page.off("response", note);
    const bodies = await Promise.all(scripts.values());
    assert.ok(bodies.length > 3, "the scripts were not seen");
    return bodies.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0) / 1000;
  };
  /** On a busy machine the rest, which is fetched a little later, may come in between: then it is weighed once more. */
  const within = async (page, path, most) => {
    let weight = await weigh(page, path);
    for (let again = 0; again < 2 && weight > most; again++) weight = Math.min(weight, await weigh(page, path));
    assert.ok(weight <= most, `${path} needs ${weight} kB`);
  };
  await within(await open({ path: "/sign-in" }), "/sign-in", 122);
  await within(await open({ role: "manager", path: "/health/live" }), "/", 154);
});
