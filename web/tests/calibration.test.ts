import { expect, it } from "vitest";
import { daysLeft } from "@/features/catalogue/calibration";

it("the last day of a calibration still counts, also across a change of clocks", () => {
  expect(daysLeft("2026-11-22", "2026-11-22")).toBe(0);
  expect(daysLeft("2026-11-21", "2026-11-22")).toBe(-1);
  expect(daysLeft("2027-03-29", "2027-03-27")).toBe(2);
});
