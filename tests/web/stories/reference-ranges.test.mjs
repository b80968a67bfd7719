// A medical laboratory keeps its reference intervals itself: by sex and by age.
import { as, catalogue, reference } from "../support/lab.mjs";
import { accessibleInBoth, assert, choose, gone, see, settled, story } from "../support/story.mjs";

const made = async (name) => {
  const { items } = await as("medical", "manager", "GET", "/specifications?limit=200");
  return items.find((each) => each.name === name);
};

story("Reference ranges by sex and age are written, refused while they overlap, and read again", async ({ open }) => {
  const name = reference("Haematology");
  const { test } = await catalogue("medical");
  const platelets = test("PLT");
  const page = await open({
    kind: "medical",
    role: "manager",
    path: "/catalogue/specifications",
  });
  await settled(page);
  await page.getByRole("button", { name: "New reference ranges" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(name);
  await choose(page, "Test", platelets.name);
  const first = dialog.getByRole("group", { name: `${platelets.name}, ` }).first();
  const from = (group) => group.getByLabel("From the age of", { exact: true });
  const under = (group) => group.getByLabel("Under the age of", { exact: true });
  await first.getByLabel("For", { exact: true }).selectOption({ label: "women" });
  await from(first).fill("60");
  await under(first).fill("18");
  await first.getByLabel("Lower limit").fill("150");
  await first.getByLabel("Upper limit").fill("15");
  await dialog.getByRole("button", { name: "Save" }).click();
  await see(dialog.getByText("Must be more than the age it begins at."));
  await see(dialog.getByText("Lies above “Upper limit”."));
  await accessibleInBoth(page, "the form of reference ranges");
  await from(first).fill("18");
  await under(first).fill("60");
  await first.getByLabel("Upper limit").fill("400");
  await first.getByRole("button", { name: "Done" }).click();
  await see(dialog.getByText("women, from 18 years to under 60 years"));

  await dialog.getByRole("button", { name: `Another range of ${platelets.name}` }).click();
  const second = dialog.getByRole("group", { name: `${platelets.name}, men` });
  assert.equal(await from(second).inputValue(), "18");
  await second.getByLabel("For", { exact: true }).selectOption({ label: "women" });
  const older = dialog.getByRole("group", { name: `${platelets.name}, women` });
  await from(older).fill("59");
  await under(older).fill("");
  await older.getByLabel("Lower limit").fill("140");
  await dialog.getByRole("button", { name: "Save" }).click();
  await see(dialog.getByText("Overlaps with the range “women, from 18 years to under 60 years”."));
  await from(older).fill("200");
  await see(dialog.getByText("Nobody is older than 150 years."));
  await from(older).fill("60");
  await dialog.getByRole("button", { name: `Another range of ${platelets.name}` }).click();
  const newborn = dialog
    .getByRole("group")
    .filter({ has: page.getByLabel("Lower limit") })
    .last();
  await newborn.getByLabel("For", { exact: true }).selectOption({ label: "everybody" });
  await from(newborn).fill("");
  await newborn.getByLabel("Under the age of: unit").selectOption({ label: "days" });
  await under(newborn).fill("28");
  await newborn.getByLabel("Critical below").fill("50");
  await dialog.getByRole("button", { name: "Save" }).click();
  await gone(dialog);

  const bounds = ({ sex, age_min_days, age_max_days, low, critical_low }) =>
    [sex, age_min_days, age_max_days, low, critical_low].map(String).join(" ");
  assert.deepEqual((await made(name)).limits.map(bounds), [
    "female 6575 21914 150 null",
    "female 21915 null 140 null",
    "null null 27 null 50",
  ]);
  const card = page.getByRole("table", { name });
  await see(card.getByRole("row", { name: /women, from 60 years/ }));
  await see(card.getByRole("row", { name: /under 28 days/ }));

  await page.getByRole("button", { name: `Change ${name}` }).click();
  await dialog.getByRole("button", { name: `Remove ${platelets.name}, under 28 days` }).click();
  await dialog.getByRole("button", { name: `Change ${platelets.name}, women, from 60 years` }).click();
  await dialog.getByLabel("Upper limit").fill("380");
  await dialog.getByRole("button", { name: "Save" }).click();
  await gone(dialog);
  const { limits } = await made(name);
  assert.deepEqual(
    limits.map((each) => each.high),
    ["400", "380"],
  );
});

story("What ships with the laboratory opens, is read range by range, and is no change by itself", async ({ open }) => {
  const page = await open({
    kind: "medical",
    role: "manager",
    path: "/catalogue/specifications",
  });
  await settled(page);
  await see(page.getByRole("row", { name: /women/ }));
  await page
    .getByRole("button", { name: /^Change / })
    .first()
    .click();
  const dialog = page.getByRole("dialog");
  await see(dialog.getByText("women", { exact: false }));
  await settled(page);
  await accessibleInBoth(page, "the reference ranges of the laboratory");
  assert.equal(await dialog.getByRole("button", { name: "Save" }).getAttribute("aria-disabled"), "true");
});
