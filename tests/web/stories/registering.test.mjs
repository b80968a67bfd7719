// Samples come in: one by keyboard alone, many from a spreadsheet, and over the reception bench.
import { as, reference, sample } from "../support/lab.mjs";
import { assert, choose, eventually, gone, paste, see, settled, story } from "../support/story.mjs";

story("An analyst registers a sample and sees its page with its number", async ({ open }) => {
  const mark = reference("Tap");
  const page = await open({ role: "analyst", path: "/samples/register" });
  await settled(page);
  await page.getByRole("button", { name: "Register", exact: true }).click();
  await see(page.getByText("Choose for whom it is."));
  await see(page.getByText("Choose at least one test."));
  await choose(page, "Client", "Talbot");
  await choose(page, "Sample type", "Drinking water");
  await choose(page, "Tests and panels", "Chloride");
  await page.keyboard.press("Escape");
  await page.getByLabel("Client's reference").fill(mark);
  await page.getByLabel("Collected", { exact: true }).fill("31.02.2026 8:00");
  await page.getByRole("button", { name: "Register", exact: true }).click();
  await see(page.getByText("There is no such time."));
  await page.getByLabel("Collected", { exact: true }).fill("3.11.2026 7:05");
  await page.getByLabel("Place", { exact: true }).fill("Kitchen tap");
  await page.getByRole("button", { name: "Register", exact: true }).click();
  await see(page.getByRole("heading", { level: 1, name: /^RW/ }));
  await see(page.getByText(mark));
  await see(page.getByText("2026-11-03 07:05"));
  await see(page.getByRole("region", { name: "What happened" }).getByText(/registered/));
});

story("What was typed is still there after a look elsewhere", async ({ open }) => {
  const page = await open({ role: "analyst", path: "/samples/register" });
  await settled(page);
  await page.getByLabel("Place", { exact: true }).fill("Half a form");
  await page.getByRole("link", { name: "Samples", exact: true }).click();
  await see(page.getByRole("heading", { level: 1, name: "Samples", exact: true }));
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Register", exact: true }).click();
  await see(page.getByText("This is what you had typed before."));
  assert.equal(await page.getByLabel("Place", { exact: true }).inputValue(), "Half a form");
  await page.getByRole("button", { name: "Start afresh" }).click();
  assert.equal(await page.getByLabel("Place", { exact: true }).inputValue(), "");
});

story("A table from a spreadsheet is registered at once, faults shown in their cells first", async ({ open }) => {
  const marks = [reference("P"), reference("Q"), reference("R")];
  const page = await open({ role: "analyst", path: "/samples/register?many=true" });
  await settled(page);
  await choose(page, "Client", "Talbot");
  await choose(page, "Sample type", "Drinking water");
  await page.getByRole("textbox", { name: "Client's reference, row 1" }).focus();
  await paste(
    page,
    [
      "Reference\tCollected\tPlace\tTests",
      `${marks[0]}\t2026-11-03 07:05\tWell 4\t00400; 00940`,
      `${marks[1]}\t3.11.2026 7:20\tWell 5\t00400; nonsense`,
      `${marks[2]}\t03/11/2026 07:40\tWell 6\tNutrients`,
    ].join("\n"),
  );
  assert.equal(await page.getByRole("textbox", { name: "Place, row 3" }).inputValue(), "Well 6");
  await page.getByRole("button", { name: "Register all" }).click();
  await see(page.getByText("1 cell needs attention"));
  await see(page.getByText("Not in the catalogue."));
  await page.getByRole("textbox", { name: "Tests (codes), row 2" }).fill("00613");
  await page.getByRole("button", { name: "Register all" }).click();
  await see(page.getByText("3 samples are registered."));
  await page.getByRole("link", { name: "Receive them now" }).click();
  await see(page.getByRole("heading", { name: "On the bench: 3" }));
  for (const mark of marks) await see(page.getByRole("main").getByText(mark));
  await page.getByRole("button", { name: "Receive 3 samples" }).click();
  await see(page.getByText("3 samples received:"));
  const { items } = await as("water", "analyst", "GET", `/samples?q=${encodeURIComponent(marks[2])}`);
  assert.equal(items.length, 1);
  assert.equal(items[0].status, "received");
  assert.ok(items[0].counts.pending > 3, "the panel became its tests");
});

story(
  "A sample that arrives warm is received with its temperature and a deviation, and its page says so",
  async ({ open }) => {
    const { items } = await as("water", "analyst", "GET", "/sample-types?q=");
    const type = items.find((each) => each.requires_temperature) ?? assert.fail("no type needs a temperature");
    const client = (await as("water", "analyst", "GET", "/clients")).items[0];
    const tests = (await as("water", "analyst", "GET", "/tests?limit=200")).items;
    const made = await as("water", "analyst", "POST", "/samples", {
      client_id: client.id,
      sample_type_id: type.id,
      test_ids: [tests.find((each) => each.code === "50468").id],
      client_reference: reference("Warm"),
    });
    const page = await open({ role: "analyst", path: "/samples/receive" });
    await settled(page);
    await page.getByRole("textbox", { name: "Accession number" }).fill(made.accession_number);
    await page.keyboard.press("Enter");
    await see(page.getByText(`${made.accession_number} is on the bench.`));
    await page.getByRole("button", { name: "Receive 1 sample" }).click();
    await see(page.getByText("Needed for this type."));
    await page.getByRole("button", { name: "More details" }).click();
    await page.getByText("Compromised", { exact: true }).click();
    await page.getByLabel("Temperature on receipt, °C").fill("14,5");
    await see(page.getByText("Outside the wanted range; record it as a deviation."));
    await page.getByLabel("Note on the condition").fill("Cool box without ice");
    await page.getByRole("button", { name: "Receive 1 sample" }).click();
    await see(page.getByText("1 sample received:"));
    await page.getByRole("main").getByRole("link", { name: made.accession_number }).first().click();
    await see(page.getByText("Cool box without ice"));
    await see(page.getByText("14.5 °C"));
    await see(page.getByText("Compromised"));
  },
);

story("From registration to the entered result without a pointer", async ({ open }) => {
  const mark = reference("Keys");
  const page = await open({ role: "analyst" });
  await settled(page);
  const on = (role, name) =>
    eventually(async () => {
      const focused = page.locator(":focus");
      assert.equal(await page.getByRole(role, { name }).and(focused).count(), 1, `the focus is not on ${name}`);
    });
  /** Tab until the focus is there: nobody may get stuck on the way. */
  const tabTo = async (role, name, most = 60) => {
    for (let step = 0; step < most; step++) {
      if ((await page.getByRole(role, { name }).and(page.locator(":focus")).count()) > 0) return;
      await page.keyboard.press("Tab");
    }
    assert.fail(`Tab never reaches ${role} ${name}`);
  };
  const pick = async (name, text) => {
    await tabTo("combobox", name);
    await page.keyboard.type(text);
    // What was found for the first letters may still be on the screen: Enter is for what was found for all of them.
    await settled(page);
    await see(page.getByRole("option", { name: new RegExp(text) }));
    await page.keyboard.press("Enter");
  };
  await page.keyboard.press("g");
  await page.keyboard.press("n");
  await see(page.getByRole("heading", { level: 1, name: "Register samples" }));
  await settled(page);
  await pick("Client", "Talbot");
  await pick("Sample type", "Drinking water");
  await pick("Tests and panels", "pH, field");
  await page.keyboard.press("Escape");
  await tabTo("textbox", "Client's reference");
  await page.keyboard.type(mark);
  await page.keyboard.press("Enter");
  await see(page.getByRole("heading", { level: 1, name: /^RW/ }));
  const number = (await page.getByRole("heading", { level: 1 }).innerText()).split("\n")[0].trim();
  await settled(page);
  await page.keyboard.press("r");
  await see(page.getByRole("dialog", { name: `Receive ${number}` }));
  await page.keyboard.press("Enter");
  await see(page.getByRole("heading", { level: 1, name: /Received/ }));

  await page.keyboard.press("g");
  await page.keyboard.press("e");
  await see(page.getByRole("heading", { level: 1, name: "Enter results" }));
  await settled(page);
  await page.keyboard.press("/");
  await on("searchbox", "Search by accession number");
  await page.keyboard.type(number);
  await eventually(() => assert.match(page.url(), /q=/));
  await eventually(async () => assert.equal(await page.getByRole("rowheader").count(), 1));
  await settled(page);
  for (let step = 0; step < 30; step++) {
    if ((await page.getByRole("gridcell").and(page.locator(":focus")).count()) > 0) break;
    await page.keyboard.press("Tab");
  }
  await page.keyboard.type("7,2");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await on("button", /^Save 1 result/);
  await page.keyboard.press("Enter");
  await see(page.getByText(/1 result saved/));
  const { items } = await as("water", "analyst", "GET", `/results?q=${encodeURIComponent(number)}`);
  assert.equal(items[0].value, "7.2");
  assert.equal(items[0].status, "entered");
});

story("A sample nobody has received yet shows no condition, not an empty mark of one", async ({ open }) => {
  const { id } = await sample({ receive: false });
  const page = await open({ role: "analyst", path: `/samples/${id}` });
  await settled(page);
  const condition = page.locator("dt", { hasText: /^Condition$/ }).locator("xpath=following-sibling::dd[1]");
  assert.equal(await condition.innerText(), "–");
});

story("Whoever types a client's name fast and presses Enter gets that client or nobody", async ({ open }) => {
  const name = reference("Aaa first in the list");
  await as("water", "manager", "POST", "/clients", { name });
  const page = await open({ role: "analyst", path: "/samples/register" });
  await settled(page);
  const box = page.getByRole("combobox", { name: "Client" });
  await box.click();
  await see(page.getByRole("option", { name }));
  await page.keyboard.type("Talbot");
  await page.keyboard.press("Enter");
  assert.doesNotMatch(await box.inputValue(), /Aaa/);
  await page.reload();
  await settled(page);
  await box.click();
  await page.keyboard.type("Talbot");
  await gone(page.getByRole("option", { name }));
  await see(page.getByRole("option", { name: /Talbot/ }));
  await page.keyboard.press("Enter");
  await eventually(async () => assert.match(await box.inputValue(), /Talbot Valley/));
});
