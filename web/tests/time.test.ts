import { describe, expect, it } from "vitest";
import { ageInYears } from "@/features/patients/person";
import { fullDateTime, instantOf, localDateTime } from "@/session/clock";

describe("the laboratory's time", () => {
  it("is shown in ISO order with its offset, summer and winter", () => {
    expect(localDateTime("2026-11-22T00:05:09Z", "Europe/Warsaw")).toBe("2026-11-22 01:05");
    expect(fullDateTime("2026-07-01T10:00:00Z", "Europe/Warsaw")).toBe("2026-07-01 12:00:00 +02:00 (Europe/Warsaw)");
    expect(fullDateTime("2023-08-22T13:50:00Z", "America/Chicago")).toBe(
      "2023-08-22 08:50:00 −05:00 (America/Chicago)",
    );
  });
  it("turns back into the instant, on both sides of a change of clocks", () => {
    expect(instantOf("2026-11-22 01:05", "Europe/Warsaw")).toBe("2026-11-22T00:05:00Z");
    expect(instantOf("2026-03-29T01:59", "Europe/Warsaw")).toBe("2026-03-29T00:59:00Z");
    expect(instantOf("2026-03-29T03:00", "Europe/Warsaw")).toBe("2026-03-29T01:00:00Z");
    expect(instantOf("2026-11-22", "Asia/Kolkata")).toBe("2026-11-21T18:30:00Z");
  });
  it("refuses hours that daylight saving skipped and days that do not exist", () => {
    expect(instantOf("2026-03-29T02:30", "Europe/Warsaw")).toBeNull();
    expect(instantOf("2026-02-30T10:00", "Europe/Warsaw")).toBeNull();
    expect(instantOf("soon", "Europe/Warsaw")).toBeNull();
    expect(instantOf("", "Europe/Warsaw")).toBeNull();
  });
});

it("counts whole years up to the birthday", () => {
  expect(ageInYears("1968-02-19", new Date("2026-02-18T12:00:00Z"))).toBe(57);
  expect(ageInYears("1968-02-19", new Date("2026-02-19T00:00:00Z"))).toBe(58);
});
