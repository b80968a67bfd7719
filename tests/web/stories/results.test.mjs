// The result desk: typing, pasting, taking back, and a network that drops.
import { as, CHLORIDE, NITRATE, NITRITE, PH, sample } from "../support/lab.mjs";
import { assert, eventually, gone, paste, see, settled, story } from "../support/story.mjs";

/** The desk showing these samples only: they share a word of their client's reference. */
async function desk(open, samples, options = {}) {
  const page = await open({ role: "analyst", path: options.path ?? `/results?sample_id=${samples[0].id}` });
  await see(page.getByRole("grid"));
  await settled(page);
  return page;
}
const cell = (page, number, column) =>
  page
    .getByRole("row", { name: new RegExp(number) })
    .getByRole("gridcell")
    .nth(column);
const results = async ({ id }) => (await as("water", "analyst", "GET", `/samples/${id}`)).results;
const value = async (made, code) => (await results(made)).find((each) => each.test.code === code);

story("Arrows, Enter and Tab move; typing replaces; Escape gives up; F2 changes", async ({ open }) => {
  const made = await sample({ tests: [PH, CHLORIDE, NITRITE] });
  const page = await desk(open, [made]);
  const at = (column) => cell(page, made.accession_number, column);
  await at(0).click();
  await page.keyboard.type("12.5");
  await page.keyboard.press("Tab");
  await page.keyboard.type("99");
  await page.keyboard.press("Escape");
  assert.equal((await at(1).innerText()).trim(), "");
  await page.keyboard.type("0.004");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.type("7.31");
  await page.keyboard.press("Enter");
  await page.keyboard.press("F2");
  await page.keyboard.press("Backspace");
  await page.keyboard.type("2");
  await page.keyboard.press("Enter");
  assert.match(await at(2).innerText(), /7\.32/);
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await eventually(async () => assert.equal(await at(0).and(page.locator(":focus")).count(), 1));
  await see(page.getByText("3 results typed"));
  await page.keyboard.press("Control+s");
  await see(page.getByText(/3 results saved/));
  assert.equal((await value(made, CHLORIDE)).value, "12.5");
  assert.equal((await value(made, NITRITE)).value, "0.004");
  assert.equal((await value(made, PH)).typed, "7.32");
});

story(
  "A column from a spreadsheet is pasted with decimal commas, non-detects and ND, and lands on its samples",
  async ({ open }) => {
    const samples = [];
    for (let each = 0; each < 4; each++) samples.push(await sample({ tests: [NITRITE], name: "Column" }));
    const { test } = await value(samples[0], NITRITE);
    const page = await desk(open, samples, { path: `/results?test_id=${test.id}&layout=list` });
    const numbers = samples.map((each) => each.accession_number);
    // In another order than on the screen, as an instrument writes its list.
    await page.getByRole("gridcell").first().click();
    await paste(
      page,
      [`${numbers[2]}\tND`, `${numbers[0]}\t0,012`, `${numbers[3]}\t1,25 mg/L`, `${numbers[1]}\t<0.02`].join("\n"),
    );
    await see(page.getByText(/4 values pasted, matched by accession number/));
    const shown = (number) =>
      page
        .getByRole("row", { name: new RegExp(number) })
        .getByRole("gridcell")
        .first()
        .innerText();
    assert.match(await shown(numbers[0]), /0\.012/);
    assert.match(await shown(numbers[1]), /<\s?0\.02/);
    assert.match(await shown(numbers[2]), /ND/);
    // Above the limit of 1 mg/L: said by letter and word while it is still only typed.
    assert.match(await shown(numbers[3]), /H/);
    await see(page.getByRole("row", { name: new RegExp(numbers[3]) }).getByText("Above the limit"));

    await page.keyboard.press("Control+z");
    await eventually(async () => assert.equal((await shown(numbers[0])).trim(), ""));
    await page.keyboard.press("Control+y");
    await eventually(async () => assert.match(await shown(numbers[0]), /0\.012/));
    await page.getByRole("button", { name: /^Save 4 results/ }).click();
    await see(page.getByText(/4 results saved/));
    assert.equal((await value(samples[0], NITRITE)).value, "0.012");
    const low = await value(samples[1], NITRITE);
    assert.equal(low.detection, "<");
    assert.equal(low.display, "< 0.02");
    assert.equal((await value(samples[2], NITRITE)).detection, "ND");
    assert.deepEqual((await value(samples[3], NITRITE)).flags, ["H"]);
  },
);

story("What is no number is not sent, and the way to it is one click", async ({ open }) => {
  const made = await sample({ tests: [PH, CHLORIDE] });
  const page = await desk(open, [made]);
  await cell(page, made.accession_number, 0).click();
  await page.keyboard.type("about ten");
  await page.keyboard.press("Tab");
  await page.keyboard.type("7.0");
  await page.keyboard.press("Enter");
  await see(page.getByRole("button", { name: "1 needs a look" }));
  await page.keyboard.press("Control+s");
  await see(page.getByText(/1 result typed/));
  await page.getByRole("button", { name: "1 needs a look" }).click();
  await page.keyboard.type("11");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+s");
  await eventually(async () => assert.equal((await value(made, CHLORIDE)).value, "11.0"));
});

story("A correction asks why, and the earlier value stays in the history", async ({ open }) => {
  const made = await sample({ tests: [CHLORIDE], values: { [CHLORIDE]: "21.0" } });
  const page = await desk(open, [made], { path: `/results?show=entered&sample_id=${made.id}` });
  await cell(page, made.accession_number, 0).click();
  await page.keyboard.type("12");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+s");
  const dialog = page.getByRole("dialog");
  await see(dialog.getByText("Why is it corrected?"));
  await dialog.getByRole("button", { name: "Save" }).click();
  await see(dialog.getByText("Choose a reason."));
  await dialog.getByText("Typing error").click();
  await dialog.getByRole("button", { name: "Save" }).click();
  await see(page.getByText(/1 result saved/));
  const result = await value(made, CHLORIDE);
  assert.equal(result.value, "12.0");
  const { items } = await as("water", "analyst", "GET", `/results/${result.id}/versions`);
  assert.deepEqual(
    items
      .map((each) => each.value)
      .filter(Boolean)
      .sort(),
    ["12.0", "21.0"],
  );
});

story("When the network drops while saving nothing is lost, and it is sent once when it is back", async ({ open }) => {
  const made = await sample({ tests: [PH, CHLORIDE, NITRATE] });
  const page = await desk(open, [made]);
  page.expecting(/ERR_INTERNET_DISCONNECTED/);
  await cell(page, made.accession_number, 0).click();
  await page.keyboard.type("15");
  await page.keyboard.press("Tab");
  await page.keyboard.type("2.5");
  await page.keyboard.press("Enter");
  await page.context().setOffline(true);
  await page.keyboard.press("Control+s");
  await see(page.getByText(/2 results wait for the connection/));
  // Also what is typed meanwhile is kept.
  await cell(page, made.accession_number, 2).click();
  await page.keyboard.type("7.7");
  await page.keyboard.press("Enter");
  await see(page.getByText(/1 result typed/));
  assert.equal((await value(made, CHLORIDE)).status, "pending");
  await page.context().setOffline(false);
  await eventually(async () => assert.equal((await value(made, CHLORIDE)).status, "entered"));
  await gone(page.getByText(/wait for the connection/));
  assert.match(await page.getByRole("grid").innerText(), /7\.7/);
  // Reloading in the middle of the work keeps it too.
  await page.reload();
  await see(page.getByRole("grid"));
  await see(page.getByText(/1 result typed/));
  await page.getByRole("button", { name: /^Save 1 result/ }).click();
  await eventually(async () => assert.equal((await value(made, PH)).status, "entered"));
  for (const result of await results(made)) {
    const { items } = await as("water", "analyst", "GET", `/results/${result.id}/versions`);
    assert.equal(items.filter((each) => each.value !== null).length, 1, `${result.test.name} was entered once`);
  }
});

story("Somebody else was faster: the desk says so and lets the person decide", async ({ open }) => {
  const made = await sample({ tests: [CHLORIDE] });
  const page = await desk(open, [made], { path: `/results?show=both&sample_id=${made.id}` });
  await cell(page, made.accession_number, 0).click();
  await page.keyboard.type("30");
  await page.keyboard.press("Enter");
  const [result] = await results(made);
  await as("water", "manager", "POST", `/results/${result.id}/enter`, { value: "31" });
  await page.keyboard.press("Control+s");
  await see(page.getByRole("button", { name: "1 needs a look" }));
  await see(page.getByRole("button", { name: "Keep mine" }));
  await page.getByRole("button", { name: "Take theirs" }).click();
  await gone(page.getByRole("button", { name: "1 needs a look" }));
  assert.match(await cell(page, made.accession_number, 0).innerText(), /31/);
});
