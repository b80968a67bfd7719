// What becomes of a session: a locked screen, and ends that come from elsewhere.
import { hire } from "../support/lab.mjs";
import { arrived, signIn } from "../support/door.mjs";
import { accessibleInBoth, assert, eventually, gone, see, settled, story } from "../support/story.mjs";

story("A locked screen shows nothing, answers nothing, and gives the draft back", async ({ open }) => {
  const { user, password } = await hire();
  const page = await open();
  page.expecting(/status of (401|403|422)/);
  await signIn(page, user, password);
  await arrived(page);
  await settled(page);
  await page.goto("/account");
  await page.getByRole("button", { name: "Set a PIN…" }).click();
  const setting = page.getByRole("dialog", { name: "PIN for the locked screen" });
  await setting.getByLabel("PIN").fill("123456");
  await setting.getByLabel("Your password").fill(password);
  await setting.getByRole("button", { name: "Set the PIN" }).click();
  await eventually(async () => assert.equal(await setting.getByLabel("PIN").getAttribute("aria-invalid"), "true"));
  await setting.getByLabel("PIN").fill("402719");
  await setting.getByLabel("Your password").fill(password);
  await setting.getByRole("button", { name: "Set the PIN" }).click();
  await gone(setting);

  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Register", exact: true }).click();
  await page.getByLabel("Remark").fill("Not sent yet");
  await page.keyboard.press("Control+l");
  const screen = page.getByRole("dialog", { name: "The screen is locked" });
  await see(screen);
  await accessibleInBoth(page, "the locked screen");
  await eventually(async () => {
    const status = await page.evaluate(() =>
      fetch("/api/v1/samples").then((answer) => answer.text().then(() => answer.status)));
    assert.equal(status, 403, "the server refuses while the screen is locked");
  });
  // No key of the pages beneath is heard, and Escape leads nowhere.
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  assert.equal(await page.getByRole("dialog").count(), 1);
  await screen.getByLabel("PIN").fill("111222");
  await page.keyboard.press("Enter");
  await see(screen.getByText("This is not your PIN."));
  await screen.getByLabel("PIN").fill("402719");
  await page.keyboard.press("Enter");
  await gone(screen);
  assert.equal(await page.getByLabel("Remark").inputValue(), "Not sent yet");
  assert.equal(await page.getByLabel("Remark").evaluate((field) => field === document.activeElement), true);

  await page.keyboard.press("Control+l");
  await see(screen);
  await settled(page);
  page.on("dialog", (leaving) => void leaving.accept());
  await page.reload();
  await see(screen);
  assert.match(page.url(), /\/locked\?next=/);
  await screen.getByRole("button", { name: "Use the password" }).click();
  await screen.getByLabel("Password", { exact: true }).fill(password);
  await page.keyboard.press("Enter");
  await see(page.getByRole("heading", { level: 1, name: "Register samples" }));
});

story("Everywhere else is signed out with one button", async ({ open }) => {
  const { user, password } = await hire();
  const [first, second] = [await open(), await open()];
  for (const page of [first, second]) {
    await signIn(page, user, password);
    await arrived(page);
    await settled(page);
  }
  await first.goto("/account");
  await first.getByRole("button", { name: "End all others" }).click();
  const rows = first.getByRole("region", { name: "Where you are signed in" }).getByRole("listitem");
  await eventually(async () => assert.equal(await rows.count(), 1));
  second.expecting(/status of 401/);
  await second.goto("/samples");
  await see(second.getByRole("heading", { name: "Sign in" }));
});

story("The administrator sees where somebody is signed in and ends that session", async ({ open }) => {
  const { user, password } = await hire();
  const theirs = await open();
  await signIn(theirs, user, password);
  await arrived(theirs);
  await settled(theirs);
  const page = await open({ role: "administrator", path: `/users/${user.id}` });
  const rows = page.getByRole("region", { name: "Signed in" }).getByRole("listitem");
  await rows.first().getByRole("button", { name: "End" }).click();
  await see(page.getByText("Nowhere at the moment"));
  theirs.expecting(/status of 401/);
  await theirs.goto("/samples");
  await see(theirs.getByRole("heading", { name: "Sign in" }));
});
