// The identity provider of tests/sign-on, beside a server of the story's own.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { see } from "./story.mjs";

const folder = fileURLToPath(new URL("../../sign-on/", import.meta.url));
export const client = { id: "attest", secret: "a-secret-of-the-tests-and-nobody-else" };

/** Starts it for a server; its issuer identifier. */
export async function provider(at) {
  const child = spawn("node", ["provider.mjs", `${at}/api/v1/auth/sign-on/callback`], {
    cwd: folder,
    stdio: ["pipe", "pipe", "ignore"],
  });
  after(() => child.kill());
  for await (const line of createInterface({ input: child.stdout })) {
    const issuer = /^provider: (.+)$/.exec(line)?.[1];
    if (issuer) return issuer;
  }
  throw new Error("the provider ended: npm ci --prefix tests/sign-on");
}

/** Signs in on its page, which is there or comes. */
export async function signInThere(page, { account, email, name, groups }) {
  await see(page.getByRole("heading", { name: "Test provider" }));
  await page.getByLabel("Account").fill(account);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Groups").fill(groups);
  await page.getByRole("button", { name: "Continue" }).click();
}
