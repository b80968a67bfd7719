// `node tools/preview/shots.mjs OUT /path …`: pictures of pages, light and dark, 1440 and 390 px wide, with Debian's
// Chromium, and whatever the browser complained about (a refused inline style shows here).
import { mkdirSync } from "node:fs";
import { chromium } from "playwright-core";

const [out, ...paths] = process.argv.slice(2);
const base = process.env.BASE ?? "http://127.0.0.1:5180";
const want = (process.env.ONLY ?? "light-1440,dark-1440,light-390").split(",");
mkdirSync(out, { recursive: true });
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
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
for (const variant of want) {
  const [theme, width] = variant.split("-");
  const context = await browser.newContext({
    viewport: { width: Number(width), height: width === "390" ? 844 : 900 },
    colorScheme: theme,
    locale: process.env.UI === "pl" ? "pl-PL" : "en-GB",
    hasTouch: width === "390",
    isMobile: width === "390",
  });
  const page = await context.newPage();
  page.on(
    "console",
    (message) => ["error", "warning"].includes(message.type()) && console.log(variant, message.type(), message.text()),
  );
  page.on("pageerror", (error) => console.log(variant, "page error", error.message));
  for (const path of paths) {
    const [address, act] = path.split("#do=");
    await page.goto(base + address, { waitUntil: "networkidle" });
    await page.waitForTimeout(150);
    for (const step of act ? act.split(";") : []) {
      if (step.startsWith("key:")) await page.keyboard.press(step.slice(4));
      else if (step.startsWith("type:")) await page.keyboard.type(step.slice(5));
      else await page.locator(step).first().click();
      await page.waitForTimeout(350);
    }
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (wide > 0) console.log(variant, address, "overflows by", wide, "px");
    await page.screenshot({ path: `${out}/${(process.env.NAME ?? address).replace(/[^\w-]+/g, "_")}-${variant}.png` });
  }
  await context.close();
}
await browser.close();
