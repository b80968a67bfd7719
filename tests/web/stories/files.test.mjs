// What is on paper belongs to the sample too: attached, downloaded again byte for byte, refused with a reason, withdrawn.
import { readFile } from "node:fs/promises";
import { sample } from "../support/lab.mjs";
import { accessibleInBoth, assert, eventually, gone, see, settled, story } from "../support/story.mjs";

const pdf = Buffer.from("%PDF-1.7\n1 0 obj\n<< /Title (form) >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n");
const csv = Buffer.from("\uFEFFpróbka;wynik\r\nW-1;<0,02\r\n");
const webPage = Buffer.from("<!DOCTYPE html><script>alert(1)</script>");

const files = (page) => page.getByRole("region", { name: "Files" });
const choose = (page, ...chosen) => files(page).getByLabel("Choose files").setInputFiles(chosen);
const menu = async (page, name, item) => {
  await files(page)
    .getByRole("button", { name: `What to do with ${name}` })
    .click();
  await page.getByRole("menuitem", { name: item }).click();
};

/** What a drop or a paste hands over. */
const transfer = (page, name, type, bytes) =>
  page.evaluateHandle(
    ([fileName, fileType, content]) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(content)], fileName, { type: fileType }));
      return data;
    },
    [name, type, [...bytes]],
  );

story("Files are attached, downloaded as they were, shown to the client and withdrawn", async ({ open }) => {
  const { id } = await sample({ name: "Broken bottle" });
  const page = await open({ role: "analyst", path: `/samples/${id}` });
  await settled(page);
  await see(files(page).getByText("No files yet."));
  await choose(page, { name: "Skierowanie – żółć.pdf", mimeType: "application/pdf", buffer: pdf });
  const name = files(page).getByRole("button", { name: "Skierowanie – żółć.pdf", exact: true });
  await see(name);
  const [saved] = await Promise.all([page.waitForEvent("download"), name.click()]);
  assert.equal(saved.suggestedFilename(), "Skierowanie – żółć.pdf");
  assert.deepEqual(await readFile(await saved.path()), pdf);

  const dropped = await transfer(page, "run.csv", "text/csv", csv);
  await files(page).dispatchEvent("drop", { dataTransfer: dropped });
  await see(files(page).getByRole("button", { name: "run.csv", exact: true }));
  await menu(page, "run.csv", "Show to the client");
  await see(files(page).getByText("Client sees it"));
  await accessibleInBoth(page, "files of a sample");

  await menu(page, "run.csv", "Withdraw…");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Withdraw", exact: true }).click();
  await see(dialog.getByText("Say why."));
  await dialog.getByRole("button", { name: "Belongs somewhere else" }).click();
  await dialog.getByRole("button", { name: "Withdraw", exact: true }).click();
  await see(files(page).getByText("Withdrawn", { exact: true }));
  await gone(files(page).getByText("Client sees it"));
  await see(page.getByRole("list", { name: "Timeline" }).getByText(/withdrew a file of/));
});

story("A file that is not what it says is refused beside its name, and the others arrive", async ({ open }) => {
  const { id } = await sample({ name: "Lying file" });
  const page = await open({ role: "analyst", path: `/samples/${id}` });
  page.expecting(/status of 422 \(Unprocessable Entity\) \S+\/files$/);
  await settled(page);
  await choose(
    page,
    { name: "photo.png", mimeType: "image/png", buffer: webPage },
    { name: "form.pdf", mimeType: "application/pdf", buffer: pdf },
  );
  await see(files(page).getByRole("button", { name: "form.pdf", exact: true }));
  const refused = files(page).getByRole("list", { name: "Files being sent" });
  await see(refused.getByText("photo.png", { exact: true }));
  await see(refused.getByRole("alert").getByText(/holds a web page, markup or a script/));
  await refused.getByRole("button", { name: "Dismiss photo.png" }).click();
  await gone(refused);
  await eventually(async () =>
    assert.equal(await files(page).getByRole("list", { name: "Attached files" }).getByRole("listitem").count(), 1),
  );
});

story("On a phone the camera is one touch away, and who only looks cannot attach", async ({ open }) => {
  const { id } = await sample({ name: "Phone" });
  const phone = await open({ role: "analyst", path: `/samples/${id}`, phone: true });
  await settled(phone);
  await see(files(phone).getByRole("button", { name: "Take a photograph" }));
  const camera = files(phone).locator("input[capture]");
  assert.equal(await camera.getAttribute("capture"), "environment");
  await accessibleInBoth(phone, "files on a phone");
  const viewer = await open({ role: "viewer", path: `/samples/${id}` });
  await see(files(viewer).getByText("No files have been attached."));
  assert.equal(await files(viewer).getByRole("button", { name: "Attach…" }).count(), 0);
});
