// The second pair of eyes.
import { as, CHLORIDE, NITRITE, PH, sample } from "../support/lab.mjs";
import { assert, eventually, gone, see, settled, story } from "../support/story.mjs";

const queue = async (open, made, role = "authorizer") => {
  const page = await open({ role, path: `/verification?q=${encodeURIComponent(made.accession_number)}` });
  await see(page.getByRole("list", { name: "Results to verify" }));
  await settled(page);
  return page;
};
const statuses = async ({ id }) => {
  const { results } = await as("water", "authorizer", "GET", `/samples/${id}`);
  return Object.fromEntries(results.map((each) => [each.test.code, each.status]));
};

story("The authoriser goes through the queue with J, K and A, and returns one with a reason", async ({ open }) => {
  const made = await sample({
    tests: [PH, CHLORIDE, NITRITE],
    values: { [PH]: "7.4", [CHLORIDE]: "20.0", [NITRITE]: "1.6" },
    name: "Queue",
  });
  const page = await queue(open, made);
  const rows = page.getByRole("list", { name: "Results to verify" }).getByRole("listitem");
  assert.equal(await rows.count(), 3);
  // What needs thought comes first: nitrite is above its limit.
  assert.match(await rows.first().innerText(), /Nitrite/);
  await see(page.getByText("Outside the limits"));
  const current = () => page.locator('[aria-current="true"]').filter({ hasText: made.accession_number });
  await page.keyboard.press("j");
  await eventually(async () => assert.doesNotMatch(await current().innerText(), /Nitrite/));
  await page.keyboard.press("k");
  await eventually(async () => assert.match(await current().innerText(), /Nitrite/));

  await page.keyboard.press("r");
  const dialog = page.getByRole("dialog", { name: "Return this result" });
  await see(dialog);
  await dialog.getByRole("button", { name: "Return" }).click();
  await see(dialog.getByText("Choose a reason."));
  await dialog.getByText("Implausible").click();
  await dialog.getByLabel("What should be looked at").fill("Please measure again, undiluted");
  await dialog.getByRole("button", { name: "Return" }).click();
  await gone(dialog);
  await eventually(async () => assert.equal((await statuses(made))[NITRITE], "pending"));
  await eventually(async () => assert.equal(await rows.count(), 2));
  await page.keyboard.press("a");
  await eventually(async () => assert.equal(await rows.count(), 1));
  await page.keyboard.press("a");
  await see(page.getByText("No result matches these filters"));
  await eventually(async () =>
    assert.deepEqual(await statuses(made), { [PH]: "verified", [CHLORIDE]: "verified", [NITRITE]: "pending" }),
  );

  const analyst = await open({ role: "analyst", path: `/results?sample_id=${made.id}` });
  await see(analyst.getByRole("grid"));
  await settled(analyst);
  await see(analyst.getByText(/Please measure again, undiluted/));
});

story("Nobody verifies what they entered themselves, and the page says why", async ({ open }) => {
  const made = await sample({ tests: [PH] });
  await as("water", "manager", "POST", `/results/${made.results[0].id}/enter`, { value: "7.1" });
  const page = await queue(open, made, "manager");
  const accept = page.getByRole("button", { name: /^Accept( A)?$/ });
  await see(accept);
  assert.equal(await accept.getAttribute("aria-disabled"), "true");
  await page.keyboard.press("a");
  await accept.hover();
  await see(page.getByText(/yourself|another person|second person|entered by you/i));
  assert.equal((await statuses(made))[PH], "entered");
});

story("Clean results are accepted together after a look at the list", async ({ open }) => {
  const made = await sample({ tests: [PH, CHLORIDE], values: { [PH]: "7.4", [CHLORIDE]: "20.0" }, name: "Clean" });
  const page = await queue(open, made);
  await page.getByRole("button", { name: /Accept the clean ones/ }).click();
  const dialog = page.getByRole("dialog", { name: "Accept 2 clean results" });
  await see(dialog.getByText("Chloride", { exact: false }));
  await dialog.getByRole("button", { name: "Accept 2 results" }).click();
  await gone(dialog);
  await eventually(async () => assert.deepEqual(Object.values(await statuses(made)), ["verified", "verified"]));
});
