// What belongs together and what is put right afterwards: orders, corrections, moves between orders, disposal.
import { as, catalogue, CHLORIDE, NITRITE, PH, reference, sample } from "../support/lab.mjs";
import { accessibleInBoth, assert, choose, eventually, gone, paste, see, settled, story } from "../support/story.mjs";

const act = async (page, name) => {
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name }).click();
  const dialog = page.getByRole("dialog");
  await see(dialog);
  return dialog;
};

/** An order of the water laboratory with one sample in it. */
async function order() {
  const { test, type, client } = await catalogue("water");
  return as("water", "analyst", "POST", "/orders", {
    client_id: client.id,
    external_id: reference("PO"),
    requester: "J. Nowak",
    samples: [{ sample_type_id: type("Drinking water").id, client_reference: reference("O"), test_ids: [test(PH).id] }],
  });
}

story(
  "An order is placed from a table with requester, number and limits, and called off with a reason",
  async ({ open }) => {
    const number = reference("ZW");
    const marks = [reference("Well"), reference("Well")];
    const page = await open({ role: "analyst", path: "/orders" });
    await settled(page);
    await page.getByRole("link", { name: "New order" }).click();
    await see(page.getByRole("heading", { level: 1, name: "Register samples" }));
    await choose(page, "Client", "Talbot");
    await choose(page, "Sample type", "Drinking water");
    await page.getByLabel("Requester").fill("Plant operator");
    await page.getByLabel("External number").fill(number);
    await page.getByText("Urgent", { exact: true }).click();
    await page.getByRole("textbox", { name: "Client's reference, row 1" }).focus();
    await paste(page, ["Reference\tTests", `${marks[0]}\t00400`, `${marks[1]}\t00940`].join("\n"));
    await choose(page, "Judged by", "Drinking water");
    await page.getByRole("button", { name: "Register all" }).click();
    await see(page.getByText("2 samples are registered."));
    await page.getByRole("link", { name: /^O-/ }).click();
    await see(page.getByRole("heading", { level: 1, name: /^O-.*Open.*Urgent/s }));
    for (const text of [...marks, number, "Plant operator"]) await see(page.getByRole("main").getByText(text));
    await accessibleInBoth(page, "the order");
    await page.getByRole("button", { name: "Cancel the order…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Cancel the order" }).click();
    await see(dialog.getByText("Say why."));
    await dialog.getByRole("button", { name: "Registered twice" }).click();
    await dialog.getByRole("button", { name: "Cancel the order", exact: true }).click();
    await see(page.getByText("Cancelled: Registered twice"));
    await eventually(async () =>
      assert.equal(await page.getByRole("main").getByText("Cancelled", { exact: true }).count(), 3),
    );
    await page.getByRole("link", { name: marks[0] }).click();
    await see(page.getByRole("heading", { level: 1, name: /Cancelled/ }));
    await page.getByRole("link", { name: /^Order O-/ }).click();
    await see(page.getByRole("heading", { level: 1, name: /^O-/ }));
  },
);

story("A sample without limits says so before it is registered, and they are one click away", async ({ open }) => {
  const page = await open({ role: "analyst", path: "/samples/register" });
  await settled(page);
  await choose(page, "Client", "Talbot");
  await choose(page, "Sample type", "Drinking water");
  await choose(page, "Tests and panels", "Nitrite as N");
  await page.keyboard.press("Escape");
  await see(page.getByText("so the results will have no limits"));
  await page.getByRole("button", { name: /Judge by “Drinking water/ }).click();
  await see(page.getByText("It has limits for every test chosen."));
  await page.getByRole("button", { name: "Register", exact: true }).click();
  await see(page.getByRole("heading", { level: 1, name: /^RW/ }));
  await see(page.getByRole("region", { name: "Sample" }).getByText(/^Drinking water: /));
});

story("A record is corrected; what somebody else changed meanwhile is shown and not overwritten", async ({ open }) => {
  const made = await sample({ name: "Twice" });
  const page = await open({ role: "analyst", path: `/samples/${made.id}` });
  page.expecting(/status of 412/);
  await settled(page);
  const dialog = await act(page, "Correct what is recorded…");
  await accessibleInBoth(page, "the correction of a sample");
  await dialog.getByLabel("Collected by").fill("E. Wolf");
  await dialog.getByLabel("Collected", { exact: true }).fill("2099-01-01 08:00");
  await dialog.getByRole("button", { name: "Save" }).click();
  await see(dialog.getByText("This lies in the future."));
  await dialog.getByLabel("Collected", { exact: true }).fill("2026-11-03 07:05");
  const change = { collection_place: "Boiler room", remark: "Second tap" };
  await as("water", "manager", "PATCH", `/samples/${made.id}`, change, { version: made.version });
  await dialog.getByRole("button", { name: "Save" }).click();
  await see(dialog.getByText("Somebody changed this sample while you were typing."));
  await see(dialog.getByText("Boiler room"));
  assert.equal(await dialog.getByLabel("Place", { exact: true }).inputValue(), "Boiler room");
  assert.equal(await dialog.getByLabel("Collected by").inputValue(), "E. Wolf");
  await dialog.getByRole("button", { name: "Typing error" }).click();
  await dialog.getByRole("button", { name: "Save" }).click();
  await gone(dialog);
  const now = await as("water", "analyst", "GET", `/samples/${made.id}`);
  assert.equal(now.collection_place, "Boiler room");
  assert.equal(now.collected_by, "E. Wolf");
  assert.equal(now.remark, "Second tap");
  await see(page.getByText("E. Wolf"));
});

story("A sample is moved to another order by two people, not by one", async ({ open }) => {
  const [wrong, right] = [await order(), await order()];
  const [{ id }] = wrong.samples;
  const asking = async (role) => {
    const page = await open({ role, path: `/samples/${id}` });
    await settled(page);
    return { page, dialog: await act(page, "Move to another order…") };
  };
  const first = await asking("analyst");
  await first.dialog.getByRole("button", { name: "Ask for it" }).click();
  await see(first.dialog.getByText("Choose an order."));
  await choose(first.page, "The order it really belongs to", right.number);
  await first.dialog.getByRole("button", { name: "Labels were mixed up" }).click();
  await accessibleInBoth(first.page, "the move to another order");
  await first.dialog.getByRole("button", { name: "Ask for it" }).click();
  await see(first.page.getByRole("dialog", { name: "A second person is needed" }));
  await first.page.getByRole("button", { name: "Understood" }).click();
  await see(first.page.getByRole("link", { name: `Order ${wrong.number}` }));
  // Whoever asked is told to wait; the other finds the order chosen, and who wants it why.
  const again = await act(first.page, "Move to another order…");
  await see(again.getByText(/You asked for this on/));
  const second = await asking("manager");
  await see(second.dialog.getByText(/asked for this on/));
  await second.dialog.getByRole("button", { name: "Belongs to an earlier order" }).click();
  await second.dialog.getByRole("button", { name: "Confirm it" }).click();
  await gone(second.dialog);
  await see(second.page.getByRole("link", { name: `Order ${right.number}` }));
});

story("The disposal of a finished sample is recorded; before that the menu says why not", async ({ open }) => {
  const open_ = await sample({ tests: [NITRITE] });
  const page = await open({ role: "analyst", path: `/samples/${open_.id}` });
  await settled(page);
  await page.getByRole("button", { name: "More" }).click();
  await see(page.getByText("Its work is not finished."));
  const finished = await sample({ values: { [PH]: "7.2", [CHLORIDE]: "12" }, verified: true });
  await page.goto(`/samples/${finished.id}`);
  await settled(page);
  const dialog = await act(page, "Record the disposal…");
  await dialog.getByRole("button", { name: "Retention time is over" }).click();
  await dialog.getByRole("button", { name: "Record the disposal" }).click();
  await gone(dialog);
  await see(page.getByRole("heading", { level: 1, name: /Disposed/ }));
});
