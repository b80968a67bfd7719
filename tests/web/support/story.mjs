// What every story shares: one Chromium, a window of somebody who is signed in, and the rule that the browser had
// nothing to complain about: no error on the console, none in a script, nothing that the Content-Security-Policy refused.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { base, person } from "./lab.mjs";

export { assert };
/** Pictures for human review; not in the repository. */
export const output = fileURLToPath(new URL("../output/", import.meta.url));
mkdirSync(`${output}failed`, { recursive: true });
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** Milliseconds one step may take; the machine may be busy with a second browser. */
const PATIENCE = 20_000;

let launching;
function browser() {
  launching ??= chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  return launching;
}
after(async () => (await launching)?.close());

/**
 * A test that reads as a sentence. `act` gets `open`, which gives a window; whatever the browser complained about in any
 * of them fails the story.
 */
export function story(sentence, act) {
  test(sentence, { timeout: 120_000 }, async () => {
    const windows = [];
    const open = async (options) => {
      const window = await newWindow(options);
      windows.push(window);
      return window.page;
    };
    try {
      await act({ open });
      const complaints = windows.flatMap(({ complaints }) => complaints);
      assert.deepEqual(complaints, [], "the browser complained");
    } catch (error) {
      const name = sentence.replace(/\W+/g, "-").slice(0, 80);
      for (const [index, { page }] of windows.entries())
        await page.screenshot({ path: `${output}failed/${name}-${index}.png` }).catch(() => undefined);
      const said = windows.flatMap(({ complaints }) => complaints);
      if (said.length > 0) error.message += `\nThe browser said:\n  ${said.join("\n  ")}`;
      throw error;
    } finally {
      for (const { context } of windows) await context.close();
    }
  });
}

/**
 * @param {object} options kind of laboratory and role to be signed in as (none: nobody), path, language, theme, and
 *   `phone` for a touch screen of 390 px; `at` is another server than the demonstration's
 */
async function newWindow({
  kind = "water",
  role,
  path = "/",
  language = "en",
  theme = "light",
  phone = false,
  at = base,
} = {}) {
  const context = await (
    await browser()
  ).newContext({
    baseURL: at,
    viewport: phone ? { width: 390, height: 844 } : { width: 1440, height: 900 },
    hasTouch: phone,
    isMobile: phone,
    colorScheme: theme,
    locale: language === "pl" ? "pl-PL" : "en-GB",
    timezoneId: "Europe/Warsaw",
    acceptDownloads: true,
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(PATIENCE);
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: at });
  if (role) await signInQuietly(context, kind, role);
  const page = await context.newPage();
  const complaints = listen(page);
  // That nobody is signed in is learnt by asking; the browser writes a line about the answer.
  if (!role) page.expecting(/status of 401 \(Unauthorized\) \S+\/api\/v1\/(me|auth\/refresh)$/);
  await page.goto(path);
  return { context, page, complaints: complaints.said };
}

/** The sign-in page has a story of its own; the others begin behind it. */
async function signInQuietly(context, kind, role) {
  const { email, password, laboratory } = person(kind, role);
  const page = await context.newPage();
  // A page of the origin without scripts: sending from it is what a browser at that address would do.
  await page.goto("/health/live");
  const status = await page.evaluate(
    async (body) =>
      (
        await fetch("/api/v1/auth/login", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
        })
      ).status,
    { email, password, laboratory, mode: "cookie" },
  );
  assert.equal(status, 200, `${email} could not sign in`);
  await page.close();
}

/** Collects what the browser complains about and counts what it still waits for. */
function listen(page) {
  const complaints = { said: [] };
  const expected = [];
  const waiting = new Set();
  /** A complaint that belongs to the story, such as the line about a refused request. */
  page.expecting = (pattern) => expected.push(pattern);
  page.waiting = waiting;
  const say = (text) => {
    if (!expected.some((pattern) => pattern.test(text))) complaints.said.push(text);
  };
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()))
      say(`${message.type()}: ${message.text()} ${message.location().url}`);
  });
  page.on("pageerror", (error) => say(`script: ${error.message}`));
  page.on("request", (request) => waiting.add(request));
  page.on("requestfinished", (request) => waiting.delete(request));
  page.on("requestfailed", (request) => waiting.delete(request));
  return complaints;
}

/** Waits until it is on the screen. */
export const see = (locator) => locator.first().waitFor({ state: "visible" });
/** Waits until it is gone. */
export const gone = (locator) => locator.first().waitFor({ state: "hidden" });

/** Tries until it holds, as long as a patient person would. */
export async function eventually(check, patience = PATIENCE) {
  const until = Date.now() + patience;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((again) => setTimeout(again, 100));
    }
  }
}

/** Chooses in a combobox as a person does: types, and takes what is offered. */
export async function choose(page, label, text, option = text) {
  const box = page.getByRole("combobox", { name: label });
  await box.fill(text);
  await page.getByRole("option", { name: option }).first().click();
}

/** Proves by password who is at work, when an act asked for it; that it asks is a 403 which the story expects. */
export async function confirm(page, role, kind = "water") {
  await confirmWith(page, person(kind, role).password);
}
export async function confirmWith(page, password) {
  const dialog = page.getByRole("dialog", { name: "Confirm that it is you" });
  await dialog.getByLabel("Your password").fill(password);
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await gone(dialog);
}

/** The page is there and nothing on it is still being read. */
export async function settled(page) {
  await page.waitForFunction(() => document.body.innerText.trim() !== "");
  let quiet = 0;
  await eventually(async () => {
    const busy = page.waiting.size > 0 || (await page.locator('[aria-busy="true"]').count()) > 0;
    quiet = busy ? 0 : quiet + 1;
    assert.ok(quiet >= 3, "still loading");
  });
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
}

const everything = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** What a change of colours alone can break. */
const colours = ["color-contrast", "link-in-text-block"];

/** WCAG 2.2 A and AA and axe's best practices on what is on the screen. @returns what is wrong, a line each */
export async function barriers(page, { onlyColours = false } = {}) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  const rules = onlyColours ? { type: "rule", values: colours } : { type: "tag", values: everything };
  return page.evaluate(async (runOnly) => {
    const { violations } = await window.axe.run(document, {
      runOnly,
      resultTypes: ["violations"],
      rules: { "color-contrast": { enabled: true } },
    });
    return violations.map(({ id, nodes }) => {
      const [first] = nodes;
      const why = (first.failureSummary ?? "").replace(/\s+/g, " ");
      return `${id} (${nodes.length}): ${first.target.join(" ")} ${why}`;
    });
  }, rules);
}

export async function accessible(page, name) {
  assert.deepEqual(await barriers(page), [], `${name} is not accessible`);
}

/** The same in the dark too, and nothing runs over the side. What is being faded in is waited for. */
export async function accessibleInBoth(page, name) {
  for (const theme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: theme });
    await page.evaluate(() =>
      Promise.all(document.getAnimations().map((each) => each.finished.catch(() => undefined))),
    );
    assert.deepEqual(
      await barriers(page, { onlyColours: theme === "dark" }),
      [],
      `${name} is not accessible, ${theme}`,
    );
  }
  await page.emulateMedia({ colorScheme: "light" });
  assert.ok((await excess(page)) <= 0, `${name} is wider than the screen`);
}

/** By how many pixels the page is wider than its screen; 0 or less is well. */
export const excess = (page) => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

/** Puts text on the clipboard as a spreadsheet would, and pastes it where the focus is. */
export async function paste(page, text) {
  await page.evaluate((content) => navigator.clipboard.writeText(content), text);
  await page.keyboard.press("Control+v");
}
