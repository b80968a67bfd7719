// A person is erased by two members of staff, each of whom sees what goes and confirms who they are.
import { randomUUID } from "node:crypto";
import { as } from "../support/lab.mjs";
import { accessibleInBoth, assert, confirm, gone, see, settled, story } from "../support/story.mjs";

/** Somebody of whom the laboratory has nothing but the record. */
function somebody(family_name) {
  return as("medical", "receptionist", "POST", "/patients", {
    family_name,
    given_name: "Teodora",
    birth_date: "1948-02-11",
    sex: "female",
    identifiers: [{ system: "hospital", value: randomUUID().slice(0, 8) }],
  });
}

const number = (patient) => patient.id.replaceAll("-", "").slice(-8).toUpperCase();

story("Two people erase a person, and a tombstone stays", async ({ open }) => {
  const patient = await somebody("Zapomniana");
  const first = await open({ kind: "medical", role: "manager", path: `/patients/${patient.id}` });
  first.expecting(/status of 403/);
  await settled(first);
  await first.getByRole("button", { name: "Erase…" }).click();
  const dialog = first.getByRole("dialog", { name: "Erase this person" });
  await dialog.getByRole("button", { name: "Ask for it" }).click();
  await see(dialog.getByText("This is not the number of this patient."));
  await see(dialog.getByText("Say why."));
  await accessibleInBoth(first);
  await dialog.getByLabel(/Type the patient's number/).fill(number(patient).toLowerCase());
  await dialog.getByRole("button", { name: "Asked for in writing" }).click();
  await dialog.getByRole("button", { name: "Ask for it" }).click();
  await confirm(first, "manager", "medical");
  await see(first.getByRole("dialog", { name: "A second person is needed" }));
  await first.getByRole("button", { name: "Understood" }).click();
  await see(first.getByRole("heading", { level: 1, name: "Zapomniana Teodora" }));

  const second = await open({ kind: "medical", role: "quality_manager", path: "/" });
  second.expecting(/status of 403/);
  await second.getByRole("link", { name: "See what is asked for" }).click();
  await see(second.getByRole("heading", { level: 1, name: "Second person" }));
  await accessibleInBoth(second);
  await second.getByRole("link", { name: `Erase patient ${number(patient)}` }).click();
  await second.getByRole("button", { name: "Erase…" }).click();
  const same = second.getByRole("dialog", { name: "Erase this person" });
  await see(same.getByText(/asked for this on/));
  await same.getByLabel(/Type the patient's number/).fill(number(patient));
  await same.getByRole("button", { name: "The retention time is over" }).click();
  await same.getByRole("button", { name: "Confirm it" }).click();
  await confirm(second, "quality_manager", "medical");
  await see(second.getByRole("heading", { level: 1, name: `Erased patient ${number(patient)}` }));
  await see(second.getByText("Nothing is known about this person any more"));
  await gone(second.getByText("Zapomniana"));
  await accessibleInBoth(second);
  const found = await as("medical", "manager", "POST", "/patients/search", { q: "Zapomniana" });
  assert.equal(found.items.length, 0);
});

story("Who could be the second person declines, with a reason", async ({ open }) => {
  const patient = await somebody("Pozostająca");
  await as("medical", "manager", "POST", `/patients/${patient.id}/erase`, { reason: "asked by telephone" });
  const page = await open({ kind: "medical", role: "quality_manager", path: "/two-person-requests" });
  await settled(page);
  const row = page.getByRole("row").filter({ hasText: number(patient) });
  await see(row.getByText("asked by telephone"));
  await row.getByRole("button", { name: "Decline" }).click();
  const dialog = page.getByRole("dialog", { name: "Decline the request" });
  await dialog.getByLabel("Reason").fill("not without a letter");
  await dialog.getByRole("button", { name: "Decline" }).click();
  await gone(dialog);
  await gone(row);
});
