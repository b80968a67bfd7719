// What only a medical laboratory has: patients whose names are sealed, and critical values that somebody must hear of.
import { randomUUID } from "node:crypto";
import { as, catalogue, reference } from "../support/lab.mjs";
import { accessibleInBoth, assert, choose, eventually, gone, see, settled, story } from "../support/story.mjs";

async function somebody() {
  const { items } = await as("medical", "doctor", "GET", "/patients?limit=5");
  return items[items.length - 1];
}

/** A specimen of a patient whose platelet count has just been entered as critically low. */
async function criticalValue() {
  const { test, type } = await catalogue("medical");
  const patient = await somebody();
  const made = await as("medical", "receptionist", "POST", "/samples", {
    patient_id: patient.id,
    sample_type_id: type("EDTA whole blood").id,
    test_ids: [test("PLT").id],
    client_reference: reference("CRIT"),
    collected_at: new Date(Date.now() - 3_600_000).toISOString(),
  });
  const received = await as(
    "medical",
    "receptionist",
    "POST",
    `/samples/${made.id}/receive`,
    { condition: "acceptable" },
    { version: made.version },
  );
  return { made: received, result: received.results[0], patient };
}

story(
  "Reception finds a patient by the whole family name and by a number, and never by half a name",
  async ({ open }) => {
    const patient = await somebody();
    const name = `${patient.family_name} ${patient.given_name}`;
    const page = await open({ kind: "medical", role: "receptionist", path: "/patients" });
    await settled(page);
    const search = page.getByRole("searchbox", { name: "Search patients" });
    await search.fill(patient.family_name.toLowerCase());
    await see(page.getByRole("link", { name }));
    await search.fill(patient.identifiers[0].value);
    await see(page.getByRole("link", { name }));
    await search.fill(patient.family_name.slice(0, 3));
    await see(page.getByText("Nobody found"));
    await search.fill(`${patient.family_name} ${patient.given_name}`);
    await page.locator(`a[href="/patients/${patient.id}"]`).click();
    await see(page.getByRole("heading", { level: 1, name }));
    await see(page.getByText(patient.identifiers[0].value));
  },
);

story("A new patient who resembles a known one is pointed out before anything is ordered", async ({ open }) => {
  const patient = await somebody();
  const page = await open({ kind: "medical", role: "receptionist", path: "/patients/new" });
  await settled(page);
  await page.getByRole("button", { name: "Create patient" }).click();
  await see(page.getByText("The family name is needed."));
  await page.getByLabel("Family name").fill(patient.family_name);
  await page.getByLabel("Given name").fill(patient.given_name);
  await page.getByLabel("Date of birth").fill(patient.birth_date);
  await page.getByText(patient.sex === "female" ? "Female" : "Male", { exact: true }).click();
  await page.getByLabel("Number").fill(`T${randomUUID().slice(0, 8)}`);
  await page.getByRole("button", { name: "Create patient" }).click();
  await see(page.getByRole("heading", { name: "Is it the same person?" }));
  await see(page.getByRole("link", { name: new RegExp(`${patient.family_name} ${patient.given_name}`) }));
  await page.getByRole("link", { name: "They are different: go on with the new one" }).click();
  await see(page.getByRole("heading", { level: 1, name: `${patient.family_name} ${patient.given_name}` }));
});

story("Reception registers a specimen for a patient", async ({ open }) => {
  const patient = await somebody();
  const mark = reference("REQ");
  const page = await open({ kind: "medical", role: "receptionist", path: "/samples/register" });
  await settled(page);
  await choose(page, "Patient", patient.identifiers[0].value, new RegExp(patient.family_name));
  await choose(page, "Specimen type", "Serum");
  await choose(page, "Tests and panels", "Liver", /Liver profile/);
  await page.keyboard.press("Escape");
  await page.getByLabel("Requester's number").fill(mark);
  await page.getByRole("button", { name: "Register", exact: true }).click();
  await see(page.getByRole("heading", { level: 1, name: /^WM/ }));
  await see(page.getByText(mark));
  await see(page.getByRole("link", { name: new RegExp(patient.family_name) }));
});

story(
  "A critical value is acknowledged before it is saved, opens a notice, and the call is recorded",
  async ({ open }) => {
    const { made } = await criticalValue();
    const bench = await open({
      kind: "medical",
      role: "technician",
      path: `/results?sample_id=${made.id}`,
    });
    await see(bench.getByRole("grid"));
    await settled(bench);
    await bench.getByRole("gridcell").first().click();
    await bench.keyboard.type("18");
    await bench.keyboard.press("Enter");
    await see(bench.getByText("1 critical"));
    await bench.keyboard.press("Control+s");
    const dialog = bench.getByRole("dialog");
    await see(dialog.getByText("Critical values: look at each once more"));
    await dialog.getByRole("button", { name: "Save" }).click();
    await see(dialog.getByText("Tick each critical value that is right, or go back and correct it."));
    await dialog.getByRole("checkbox").check();
    await dialog.getByRole("button", { name: "Save" }).click();
    await see(bench.getByText(/1 result saved/));

    await bench.getByRole("link", { name: "Critical values" }).first().click();
    const notice = bench.getByRole("listitem").filter({ hasText: made.accession_number }).first();
    await see(notice);
    await notice.getByRole("button", { name: "Record a call" }).click();
    const call = bench.getByRole("dialog", { name: "Record a call" });
    await call.getByRole("button", { name: "Record", exact: true }).click();
    await see(call.getByText("Say who was called."));
    await call.getByText("Reached", { exact: true }).click();
    await call.getByRole("textbox", { name: "Who" }).fill("Dr Majchrzak, ward 3");
    await call.getByRole("checkbox").check();
    await call.getByRole("button", { name: "Record", exact: true }).click();
    await gone(call);
    await gone(notice);
    await bench.getByRole("link", { name: "All", exact: true }).click();
    const told = bench.getByRole("listitem").filter({ hasText: made.accession_number }).first();
    await see(told.getByText(/told Dr Majchrzak, ward 3/));
    await see(told.getByText(/read back/));
    const notices = await as("medical", "doctor", "GET", `/results/${made.results[0].id}/critical-notices`);
    await eventually(() => assert.equal(notices.items[0].attempts.length, 1));
  },
);

story("An assessor sees the work of a medical laboratory without patients' names", async ({ open }) => {
  const patient = await somebody();
  const page = await open({ kind: "medical", role: "auditor", path: "/audit" });
  await settled(page);
  await see(page.getByRole("heading", { level: 1 }));
  assert.equal(await page.getByText(patient.family_name).count(), 0);
});

story("Two records of one person are compared side by side and joined by two members of staff", async ({ open }) => {
  const family = `Twin${randomUUID().slice(0, 6)}`.replace(/\d/g, "x");
  const make = (given, phone) =>
    as("medical", "receptionist", "POST", "/patients", {
      family_name: family,
      given_name: given,
      birth_date: "1970-06-24",
      sex: "female",
      identifiers: [{ system: "hospital", value: `H-${randomUUID().slice(0, 8)}` }],
      phone,
    });
  const [stays, goes] = [await make("Beatrice", "+48 600 100 200"), await make("Beatryce", undefined)];
  const merge = async (role) => {
    const page = await open({ kind: "medical", role, path: `/patients/${stays.id}` });
    await settled(page);
    await page.getByRole("button", { name: "Merge…" }).click();
    const dialog = page.getByRole("dialog", { name: "Merge with another record" });
    await choose(page, "The other record", goes.identifiers[0].value, /Beatryce/);
    await see(dialog.getByRole("row", { name: /Full name.*Beatrice.*Beatryce/ }));
    await dialog.getByRole("button", { name: "Registered twice" }).click();
    return { page, dialog };
  };
  const first = await merge("receptionist");
  await accessibleInBoth(first.page, "the merging of patients");
  await first.dialog.getByRole("button", { name: /^(Ask for|Confirm) it$/ }).click();
  await see(first.page.getByRole("dialog", { name: "A second person is needed" }));
  const second = await merge("manager");
  await second.dialog.getByRole("button", { name: /^(Ask for|Confirm) it$/ }).click();
  await gone(second.page.getByRole("dialog"));
});

story("What is known of a patient is corrected", async ({ open }) => {
  const patient = await somebody();
  const page = await open({
    kind: "medical",
    role: "receptionist",
    path: `/patients/${patient.id}`,
  });
  await settled(page);
  await page.getByRole("button", { name: "Correct…" }).click();
  const dialog = page.getByRole("dialog");
  await see(dialog);
  await accessibleInBoth(page, "the correction of a patient");
  const phone = `+48 6${randomUUID().replace(/\D/g, "").padEnd(8, "0").slice(0, 8)}`;
  await dialog.getByLabel("Telephone").fill(phone);
  await dialog.getByRole("button", { name: "Save" }).click();
  await gone(dialog);
  await see(page.getByText(phone));
});

story(
  "A patient's identifiers are corrected, added and removed, and the new one finds the patient",
  async ({ open }) => {
    const [wrong, right, ward] = ["W", "R", "N"].map((letter) => `${letter}-${randomUUID().slice(0, 8)}`);
    const patient = await as("medical", "receptionist", "POST", "/patients", {
      family_name: `Number${randomUUID().slice(0, 6)}`.replace(/\d/g, "x"),
      given_name: "Nadia",
      birth_date: "1988-02-29",
      sex: "female",
      identifiers: [
        { system: "PESEL", value: wrong },
        { system: "hospital", value: "H-1" },
      ],
    });
    const page = await open({
      kind: "medical",
      role: "receptionist",
      path: `/patients/${patient.id}`,
    });
    await settled(page);
    await page.getByRole("button", { name: "Correct…" }).click();
    const dialog = page.getByRole("dialog");
    const number = dialog.getByLabel("Number", { exact: true });
    await number.first().fill(right);
    await dialog.getByRole("button", { name: "Remove identifier 2" }).click();
    await dialog.getByRole("button", { name: "Another identifier" }).click();
    await number.nth(1).fill(right);
    await dialog.getByRole("button", { name: "Save" }).click();
    await see(dialog.getByText("Say whose number it is."));
    await dialog.getByLabel("Kind").nth(1).fill("pesel");
    await see(dialog.getByText("It stands here already."));
    await accessibleInBoth(page, "the identifiers of a patient");
    await dialog.getByLabel("Kind").nth(1).fill("ward");
    await number.nth(1).fill(ward);
    await dialog.getByRole("button", { name: "Save" }).click();
    await gone(dialog);
    await see(page.getByText(ward));
    assert.equal(await page.getByText(wrong).count(), 0);
    const { identifiers } = await as("medical", "receptionist", "GET", `/patients/${patient.id}`);
    assert.deepEqual(identifiers, [
      { system: "PESEL", value: right },
      { system: "ward", value: ward },
    ]);
    const { items } = await as("medical", "receptionist", "GET", `/patients?q=${ward}`);
    assert.equal(items[0].id, patient.id);
  },
);
