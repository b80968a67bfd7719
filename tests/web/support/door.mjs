// Coming in and going out as a person does.
import { see } from "./story.mjs";

export async function signIn(page, { email }, password) {
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}
export const arrived = (page) => see(page.getByRole("heading", { level: 1, name: /What waits for you|Welcome/ }));
export async function signOut(page, name) {
  await page.getByRole("button", { name: new RegExp(name) }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await see(page.getByRole("heading", { name: "Sign in" }));
}
