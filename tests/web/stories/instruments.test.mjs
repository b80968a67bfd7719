// What the laboratory works with and where it keeps samples: instruments, containers, storage locations.
import { as, reference } from "../support/lab.mjs";
import { accessibleInBoth, assert, eventually, gone, see, settled, story } from "../support/story.mjs";

const day = (fromNow) => new Date(Date.now() + fromNow * 86_400_000).toISOString().slice(0, 10);
const named = async (path, name) =>
  (await as("water", "manager", "GET", `${path}?q=${encodeURIComponent(name)}`)).items[0];

story(
  "An instrument is added, falls out of calibration, is calibrated again and taken out of use",
  async ({ open }) => {
    const name = reference("Spectrophotometer");
    const page = await open({ role: "manager", path: "/" });
    await page.getByRole("link", { name: "Instruments" }).click();
    await settled(page);
    await page.getByRole("button", { name: "New instrument" }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Save" }).click();
    await see(dialog.getByText("The name is needed."));
    await dialog.getByLabel("Calibrated until").fill("31.02.2026");
    await see(dialog.getByText("There is no such day."));
    await accessibleInBoth(page, "the form of an instrument");
    await dialog.getByLabel("Name").fill(name);
    await dialog.getByLabel("Serial number").fill("A-1029");
    await dialog.getByLabel("Calibrated until").fill(day(-2));
    await dialog.getByRole("button", { name: "Save" }).click();
    await gone(dialog);

    const row = page.getByRole("row").filter({ hasText: name });
    await see(row.getByText("Out of calibration"));
    await row.getByRole("link", { name }).click();
    await see(dialog);
    assert.match(page.url(), /change=/);
    await dialog.getByLabel("Calibrated until").fill(day(12));
    await dialog.getByRole("button", { name: "Save" }).click();
    await gone(dialog);
    await see(row.getByText(/1[123] days left/));
    assert.equal((await named("/instruments", name)).serial_number, "A-1029");

    await row.getByRole("link", { name }).click();
    await dialog.getByLabel("In use").uncheck();
    await dialog.getByRole("button", { name: "Save" }).click();
    await gone(dialog);
    await see(row.getByText("Not in use"));
    assert.equal(await row.getByText("days left").count(), 0);
    assert.equal((await named("/instruments", name)).active, false);
  },
);

story("A container and a place to keep samples are added and changed; the keyboard is enough", async ({ open }) => {
  const bottle = reference("Glass bottle");
  const page = await open({ role: "manager", path: "/catalogue/containers" });
  await settled(page);
  await page.getByRole("button", { name: "New container" }).first().focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await see(dialog);
  await page.keyboard.type(bottle);
  await page.keyboard.press("Tab");
  await page.keyboard.type("500 mL");
  await page.keyboard.press("Enter");
  await gone(dialog);
  await page.getByRole("searchbox", { name: "Search containers" }).fill(bottle);
  await eventually(() => assert.match(page.url(), /q=/));
  await page.getByRole("link", { name: bottle }).focus();
  await page.keyboard.press("Enter");
  await see(dialog);
  await accessibleInBoth(page, "the form of a container");
  await dialog.getByLabel("Additive").fill("nitric acid to pH 2");
  await page.keyboard.press("Enter");
  await gone(dialog);
  await see(page.getByText("nitric acid to pH 2"));
  assert.equal((await named("/containers", bottle)).volume, "500 mL");

  const fridge = reference("Refrigerator");
  await page.getByRole("link", { name: "Storage locations" }).click();
  await settled(page);
  await page.getByRole("button", { name: "New storage location" }).first().click();
  await dialog.getByLabel("Name").fill(fridge);
  await accessibleInBoth(page, "the form of a storage location");
  await dialog.getByRole("button", { name: "Save" }).click();
  await gone(dialog);
  const { id, version } = await named("/locations", fridge);
  // The address leads to the record as well; somebody else has changed it meanwhile.
  await page.goto(`/catalogue/locations?change=${id}`);
  await see(page.getByRole("dialog", { name: `Change ${fridge}` }));
  await as("water", "manager", "PATCH", `/locations/${id}`, { description: "room 12" }, { version });
  page.expecting(/status of 412/);
  await dialog.getByLabel("In use").uncheck();
  await dialog.getByRole("button", { name: "Save" }).click();
  await see(dialog.getByRole("alert"));
  await page.goBack();
  assert.equal((await named("/locations", fridge)).active, true);
});

story("Who only reads the catalogue sees the instruments and is told why nothing can be changed", async ({ open }) => {
  const name = reference("Balance");
  await as("water", "manager", "POST", "/instruments", { name, calibrated_until: null });
  const page = await open({ role: "analyst", path: "/catalogue/instruments" });
  await settled(page);
  const row = page.getByRole("row").filter({ hasText: name });
  await see(row.getByText("needs none"));
  assert.equal(await row.getByRole("link").count(), 0);
  const add = page.getByRole("button", { name: "New instrument" }).first();
  assert.equal(await add.getAttribute("aria-disabled"), "true");
  await add.focus();
  await see(page.getByText("Your roles lack the permission catalog:manage."));
});

story("Who may not read the catalogue is told so", async ({ open }) => {
  const page = await open({ role: "client", path: "/catalogue/instruments" });
  await see(page.getByText("Your roles do not open this"));
});
