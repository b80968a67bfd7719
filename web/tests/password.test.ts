import { expect, test } from "vitest";
import { makePassword } from "@/features/people/password";

test("a password that is made satisfies the server's rule, every time", () => {
  for (let made = 0; made < 2000; made++) {
    const password = makePassword();
    expect(password).toMatch(/^[^-]{5}(-[^-]{5}){3}$/);
    expect(password).toMatch(/\d/);
    expect(password).toMatch(/[a-z]/i);
  }
});
