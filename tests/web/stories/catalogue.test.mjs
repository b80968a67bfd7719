// The catalogue is kept by the laboratory itself: tests, sample types, limits, clients.
import { as, reference } from "../support/lab.mjs";
import { accessibleInBoth, assert, choose, eventually, gone, see, settled, story } from "../support/story.mjs";

story("The manager adds a test, and changes it without touching the rest", async ({ open }) => {
  const code = reference("T").replace(" ", "-");
  const page = await open({ role: "manager", path: "/catalogue/tests" });
  await settled(page);
  await page.getByRole("button", { name: "New test" }).click();
  const dialog = page.getByRole("dialog", { name: "New test" });
  await dialog.getByRole("button", { name: "Save" }).click();
  await see(dialog.getByText("Needed.").first());
  await accessibleInBoth(page, "the form of a test");
  await dialog.getByLabel("Name").fill(`Boron ${code}`);
  await dialog.getByLabel("Code").fill(code);
  await dialog.getByLabel("Method").fill("ISO 11885");
  await dialog.getByLabel("Unit", { exact: true }).fill("mg/L");
  await dialog.getByLabel("Decimals").fill("3");
  await dialog.getByLabel("LOQ").fill("0,05");
  await dialog.getByLabel("Uncertainty U").fill("12");
  await dialog.getByRole("button", { name: "Save" }).click();
  await gone(dialog);
  await page.getByRole("searchbox", { name: "Search tests" }).fill(code);
  await eventually(() => assert.match(page.url(), /q=/));
  await page.getByRole("link", { name: `Boron ${code}` }).click();
  await see(page.getByText("± 12 % (k = 2)"));
  await page.getByRole("button", { name: "Change…" }).click();
  const change = page.getByRole("dialog", { name: `Change Boron ${code}` });
  await change.getByLabel("LOD").fill("0.02");
  await change.getByRole("button", { name: "Save" }).click();
  await gone(change);
  const { items } = await as("water", "manager", "GET", `/tests?q=${code}`);
  assert.equal(items[0].lod, "0.02");
  assert.equal(items[0].loq, "0.05");
  assert.deepEqual(items[0].uncertainty, { value: "12", kind: "percent", k: "2" });
});

story("A sample type and its limits are added, changed and taken out of use", async ({ open }) => {
  const name = reference("Rain water");
  const page = await open({ role: "manager", path: "/catalogue/sample-types" });
  await settled(page);
  await page.getByRole("button", { name: "New sample type" }).click();
  const dialog = page.getByRole("dialog");
  await see(dialog);
  await accessibleInBoth(page, "the form of a sample type");
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByLabel("Reception records the temperature").check();
  await dialog.getByLabel("Not warmer than (°C)").fill("8,0");
  await dialog.getByRole("button", { name: "Save" }).click();
  await gone(dialog);
  await page.getByRole("link", { name: "Specifications" }).click();
  await settled(page);
  await page.getByRole("button", { name: "New specification" }).click();
  await see(dialog);
  await dialog.getByLabel("Name").fill(`Limits for ${name}`);
  await choose(page, "Sample type", name);
  await choose(page, "Test", "pH, field");
  await dialog.getByLabel("Lower limit").fill("5,5");
  await dialog.getByLabel("Upper limit").fill("high");
  await dialog.getByRole("button", { name: "Save" }).click();
  await see(dialog.getByText("Write a number such as 4.2."));
  await accessibleInBoth(page, "the form of a specification");
  await dialog.getByLabel("Upper limit").fill("8.5");
  await dialog.getByRole("button", { name: "Save" }).click();
  await gone(dialog);
  await see(page.getByRole("heading", { name: `Limits for ${name}` }));
  await page.getByRole("button", { name: `Change Limits for ${name}` }).click();
  await see(dialog);
  await dialog.getByLabel("In use").uncheck();
  await dialog.getByRole("button", { name: "Save" }).click();
  await gone(dialog);
  const { items } = await as("water", "manager", "GET", "/specifications?limit=200");
  const made = items.find((each) => each.name === `Limits for ${name}`);
  assert.equal(made.active, false);
  assert.equal(made.limits[0].low, "5.5");
  assert.equal(made.limits[0].high, "8.5");
});

story("A client is added and its address corrected", async ({ open }) => {
  const name = reference("Brook Farm");
  const page = await open({ role: "manager", path: "/clients" });
  await settled(page);
  await page.getByRole("button", { name: "New client" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByRole("button", { name: "Create client" }).click();
  await gone(dialog);
  await page.getByRole("searchbox", { name: "Search clients" }).fill(name);
  await eventually(() => assert.match(page.url(), /q=/));
  await page.getByRole("button", { name: `Change ${name}` }).click();
  await see(dialog);
  await accessibleInBoth(page, "the form of a client");
  await dialog.getByLabel("Address", { exact: true }).fill("1 Mill Lane\nBlack Earth");
  await dialog.getByRole("button", { name: "Save" }).click();
  await gone(dialog);
  await see(page.getByText("1 Mill Lane, Black Earth"));
});

story("A panel is put together from tests and then holds one more", async ({ open }) => {
  const name = reference("Boiler");
  const page = await open({ role: "manager", path: "/catalogue/panels" });
  await settled(page);
  await page.getByRole("button", { name: "New panel" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByRole("button", { name: "Save" }).click();
  await see(dialog.getByText("Choose at least one test."));
  await choose(page, "Tests", "pH, field");
  await accessibleInBoth(page, "the form of a panel");
  await dialog.getByRole("button", { name: "Save" }).click();
  await gone(dialog);
  await page.getByRole("button", { name: `Change ${name}` }).click();
  await choose(page, "Tests", "Chloride");
  await dialog.getByRole("button", { name: "Save" }).click();
  await gone(dialog);
  const { items } = await as("water", "manager", "GET", "/panels?limit=200");
  assert.equal(items.find((each) => each.name === name).tests.length, 2);
});

story("Walking a long list with J and K, the row one is at is never out of sight", async ({ open }) => {
  const page = await open({ role: "manager", path: "/catalogue/tests" });
  await settled(page);
  const walk = async (key, times) => {
    for (let step = 0; step < times; step++) {
      await page.keyboard.press(key);
      await eventually(async () => {
        const { row, top, bottom, head, end } = await page.evaluate(() => {
          const focused = document.activeElement.closest("[data-row]");
          const head = document.querySelector('[role="columnheader"]').getBoundingClientRect().bottom;
          const { top, bottom } = focused?.getBoundingClientRect() ?? {};
          return { row: focused?.dataset.row, top, bottom, head, end: innerHeight };
        });
        assert.ok(top >= head - 1 && bottom <= end, `row ${row} is from ${top} to ${bottom}, between ${head} and ${end}`);
      });
    }
  };
  await walk("j", 30);
  await walk("k", 29);
});
