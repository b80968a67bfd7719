// Several people at one computer: nobody is signed out, nobody sees the other's work, and everybody finds their own again.
import { base, hire, laboratory, PH, sample } from "../support/lab.mjs";
import { arrived, signIn } from "../support/door.mjs";
import { accessibleInBoth, assert, eventually, gone, see, settled, story } from "../support/story.mjs";

const PIN = "402719";

/** Somebody new with a PIN. */
async function withPin() {
  const { user, password } = await hire();
  const send = async (method, path, body, token) => {
    const answer = await fetch(`${base}/api/v1${path}`, {
      method,
      headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify(body),
    });
    assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
    return answer;
  };
  const login = { email: user.email, password, laboratory: laboratory("water").slug };
  const { access_token: token } = await (await send("POST", "/auth/login", login)).json();
  await send("PUT", "/auth/pin", { pin: PIN, password }, token);
  return { user, password };
}

const stored = (page) => page.evaluate(() => JSON.stringify({ ...localStorage }));
const menu = async (page, user, item) => {
  await page.getByRole("button", { name: new RegExp(user.name) }).click();
  await page.getByRole("menuitem", { name: item }).click();
};
const cell = (page) => page.getByRole("gridcell").and(page.locator('[aria-readonly="false"]')).first();

async function typeAt(page, made, value) {
  await page.goto(`/results?sample_id=${made.id}`);
  await see(page.getByRole("grid"));
  await settled(page);
  await cell(page).click();
  await page.keyboard.type(value);
  await page.keyboard.press("Enter");
  await see(page.getByText("kept in this browser"));
  await eventually(async () => assert.match(await stored(page), /attest\.results\./));
}

story("Two people share a browser: each finds what they typed, and none sees the other's", async ({ open }) => {
  const [anna, piotr] = [await withPin(), await withPin()];
  const made = await sample({ tests: [PH] });
  const page = await open();
  page.expecting(/status of (401|403)/);
  await signIn(page, anna.user, anna.password);
  await arrived(page);
  await settled(page);
  await typeAt(page, made, "7.4172");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Register", exact: true }).click();
  await page.getByLabel("Remark").fill("Bottle of Mr Nowak");

  await menu(page, anna.user, "Switch person");
  await see(page.getByRole("heading", { name: "Who is at work?" }));
  await see(page.getByRole("button", { name: new RegExp(anna.user.name) }));
  await accessibleInBoth(page, "who is at work");
  assert.equal(await page.evaluate(() => fetch("/api/v1/me").then((answer) => answer.text().then(() => answer.status))), 401);
  assert.doesNotMatch(await stored(page), /7\.4172|Nowak/);

  await page.getByRole("link", { name: "Somebody else signs in" }).click();
  await see(page.getByRole("link", { name: "People parked at this computer" }));
  await signIn(page, piotr.user, piotr.password);
  await arrived(page);
  await settled(page);
  assert.equal(await page.getByText(anna.user.name).count(), 0);
  await page.goto(`/results?sample_id=${made.id}`);
  await see(page.getByText("Nothing typed yet."));
  assert.doesNotMatch(await cell(page).innerText(), /7\.41/);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Register", exact: true }).click();
  assert.equal(await page.getByLabel("Remark").inputValue(), "");
  await settled(page);

  await page.keyboard.press("Control+l");
  const screen = page.getByRole("dialog", { name: "The screen is locked" });
  await see(screen);
  assert.equal(await screen.getByRole("button", { name: "Use a passkey" }).count(), 0, "offered to who has one");
  await screen.getByRole("button", { name: "Switch person" }).click();
  await see(page.getByRole("button", { name: new RegExp(piotr.user.name) }));
  await page.getByRole("button", { name: new RegExp(anna.user.name) }).click();
  await see(page.getByRole("heading", { name: anna.user.name }));
  await accessibleInBoth(page, "coming back");
  await page.getByLabel("PIN").fill("111222");
  await page.keyboard.press("Enter");
  await see(page.getByText("This is not your PIN."));
  await page.getByLabel("PIN").fill(PIN);
  await page.keyboard.press("Enter");
  await see(page.getByRole("heading", { level: 1, name: "Register samples" }));
  assert.equal(await page.getByLabel("Remark").inputValue(), "Bottle of Mr Nowak");
  page.on("dialog", (leaving) => void leaving.accept());
  await page.goto(`/results?sample_id=${made.id}`);
  await see(page.getByText("1 result typed"));
  assert.match(await cell(page).innerText(), /7\.41/);
});

story("Signing out asks what becomes of what was typed", async ({ open }) => {
  const anna = await hire();
  const made = await sample({ tests: [PH] });
  const page = await open();
  page.expecting(/status of 401/);
  const enter = async () => {
    await signIn(page, anna.user, anna.password);
    await arrived(page);
    await settled(page);
  };
  const asking = page.getByRole("dialog", { name: "Sign out with unsaved work?" });
  await enter();
  await typeAt(page, made, "6.8331");
  await menu(page, anna.user, "Sign out");
  await see(asking.getByText("1 result is typed and not saved."));
  await accessibleInBoth(page, "the question at the way out");
  await asking.getByRole("button", { name: "Go and save" }).click();
  await gone(asking);
  await menu(page, anna.user, "Sign out");
  await asking.getByRole("button", { name: "Keep on this computer" }).click();
  await see(page.getByRole("heading", { name: "Sign in" }));
  assert.doesNotMatch(await stored(page), /6\.8331/);
  assert.match(await stored(page), /attest\.results\./);

  await enter();
  await page.goto(`/results?sample_id=${made.id}`);
  await see(page.getByText("1 result typed"));
  await settled(page);
  await menu(page, anna.user, "Sign out");
  await asking.getByRole("button", { name: "Discard" }).click();
  await see(page.getByRole("heading", { name: "Sign in" }));
  assert.doesNotMatch(await stored(page), /attest\.results\./);
});

story("The administrator sees who is signed in where, and ends a session", async ({ open }) => {
  const { user, password } = await hire();
  const theirs = await open();
  await signIn(theirs, user, password);
  await arrived(theirs);
  await settled(theirs);
  const page = await open({ role: "administrator", path: "/sessions" });
  await see(page.getByRole("heading", { level: 1, name: "Signed in now" }));
  const row = page.getByRole("row", { name: new RegExp(user.name) });
  await row.getByRole("button", { name: /^End a session/ }).click();
  const dialog = page.getByRole("dialog", { name: `Sign out ${user.name}` });
  await see(dialog);
  await settled(page);
  await accessibleInBoth(page, "ending a session");
  await dialog.getByRole("button", { name: "End the session" }).click();
  await gone(dialog);
  await eventually(async () => assert.equal(await row.count(), 0));
  theirs.expecting(/status of 401/);
  await theirs.goto("/samples");
  await see(theirs.getByRole("heading", { name: "Sign in" }));
});
