import { describe, expect, it } from "vitest";
import { call, onHold, setStepUp } from "@/api/client";
import { policyMet } from "@/features/access/password-check";
import { methodsOf } from "@/features/access/methods";
import { endOf, type GrantRow, grantsOf, rowsOf } from "@/features/people/grants-field";
import { fieldValueOf, fullDateTime, instantOf, localDate, localDateTime } from "@/session/clock";
import { api, http, HttpResponse, problem, server } from "./server";

const timezone = "Europe/Warsaw";
const time = {
  timezone,
  date: (iso: string) => localDate(iso, timezone),
  dateTime: (iso: string) => localDateTime(iso, timezone),
  full: (iso: string) => fullDateTime(iso, timezone),
  toInstant: (local: string) => instantOf(local, timezone),
  toField: (iso: string) => fieldValueOf(iso, timezone),
};
const row = (lastDay: string): GrantRow => ({
  key: 1,
  permission: "audit:read",
  effect: "allow",
  reason: "stands in",
  lastDay,
  stored: null,
});

describe("a fresh proof", () => {
  const change = () => call("POST /roles", { body: { name: "Night", description: "", permissions: ["sample:read"] } });

  it("is asked for when an act needs it, and the act is tried again as it was, with the same key", async () => {
    const keys: (string | null)[] = [];
    let proved = false;
    server.use(
      http.post(api("/roles"), async ({ request }) => {
        keys.push(request.headers.get("idempotency-key"));
        expect(await request.json()).toMatchObject({ name: "Night" });
        return proved ? HttpResponse.json({ id: "r9" }, { status: 201 }) : problem(403, "step-up-required");
      }),
    );
    const asked: string[] = [];
    const stop = setStepUp(async (operation) => {
      asked.push(operation);
      proved = true;
      return true;
    });
    expect(await change()).toMatchObject({ id: "r9" });
    expect(asked).toEqual(["POST /roles"]);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
    stop();
  });

  it("that is not given leaves the act refused, asked once", async () => {
    server.use(http.post(api("/roles"), () => problem(403, "step-up-required")));
    let asked = 0;
    const stop = setStepUp(async () => {
      asked++;
      return false;
    });
    await expect(change()).rejects.toMatchObject({ slug: "step-up-required" });
    expect(asked).toBe(1);
    stop();
  });
});

it("a locked session and one with something to set up are told to whoever listens", async () => {
  const holds: string[] = [];
  const stop = onHold((hold) => holds.push(hold));
  for (const slug of ["locked", "setup-required", "forbidden"]) {
    server.use(http.get(api("/work"), () => problem(403, slug)));
    await expect(call("GET /work", {})).rejects.toMatchObject({ slug });
  }
  expect(holds).toEqual(["locked", "setup-required"]);
  stop();
});

describe("an exception's last day", () => {
  it("lasts to its midnight in the laboratory, in summer and in winter", () => {
    expect(endOf(row("2027-12-31"), time)).toBe("2027-12-31T23:00:00Z");
    expect(endOf(row("30.6.2027"), time)).toBe("2027-06-30T22:00:00Z");
  });
  it("is none when none is named, and wrong when there is no such day", () => {
    expect(endOf(row(" "), time)).toBeUndefined();
    expect(endOf(row("31.2.2027"), time)).toBeNull();
  });
  it("that was not touched goes back as it came, to the second", () => {
    const stored = { permission: "a:b", effect: "deny", reason: "x", until: "2027-03-05T10:11:12Z" } as const;
    const rows = rowsOf([stored], time);
    expect(rows[0]?.lastDay).toBe("2027-03-05");
    expect(grantsOf(rows, time)).toEqual([stored]);
  });
});

it("the laboratory's policy is seen at once while a password is typed", () => {
  const policy = { min_length: 12, max_length: 128, composition: true, history: 10 };
  expect(policyMet("short", policy)).toEqual({ length: false, composition: false });
  expect(policyMet("zażółć gęślą 7", policy)).toEqual({ length: true, composition: true });
  // Twelve signs, although each takes two code units.
  expect(policyMet("🦉".repeat(12), policy).length).toBe(true);
});

it("recovery codes stand in for a factor only where there is one", () => {
  const none = { totp: null, passkeys: [], recovery_codes_left: 0, required: false };
  expect(methodsOf(none)).toEqual([]);
  expect(methodsOf({ ...none, totp: { enrolled_at: "2026-01-01T00:00:00Z" }, recovery_codes_left: 3 })).toEqual([
    "totp",
    "recovery",
  ]);
});
