import { describe, expect, it } from "vitest";
import type { SpecificationLimit } from "@/api/types";
import { AGE_MAX_DAYS, ageOn, firstDay } from "@/features/catalogue/age";
import {
  alarmText,
  byTest,
  faultsOf,
  isBlank,
  limitOf,
  type LimitRow,
  rowAfter,
  rowOf,
} from "@/features/catalogue/limits";

const nothing: SpecificationLimit = {
  test_id: "potassium",
  sex: null,
  age_min_days: null,
  age_max_days: null,
  low: null,
  high: null,
  warn_low: null,
  warn_high: null,
  critical_low: null,
  critical_high: null,
  guard_band: null,
  text: null,
};
let key = 0;
const row = (limit: Partial<SpecificationLimit> = {}, typed: Partial<LimitRow> = {}): LimitRow => ({
  ...rowOf({ ...nothing, ...limit }, key++),
  ...typed,
});
const aged = (from: string, under: string, sex: LimitRow["sex"] = "") =>
  row({}, { sex, from: { text: from, unit: "years" }, under: { text: under, unit: "years" } });
const codes = (...rows: LimitRow[]) => {
  const faults = faultsOf(rows);
  return rows.map((each) =>
    Object.entries(faults.get(each.key) ?? {})
      .map(([field, fault]) => `${field} ${fault.code}`)
      .join(", "),
  );
};

describe("ages", () => {
  it("begin on the day that the demonstration's catalogue means", () => {
    expect([firstDay(18, "years"), firstDay(60, "years"), firstDay(1, "months"), firstDay(28, "days")]).toEqual([
      6575, 21915, 31, 28,
    ]);
  });
  it("are said in the largest unit that is exact", () => {
    expect([0, 28, 31, 183, 365, 366, 731, 6575, 21915].map((day) => Object.values(ageOn(day)).join(" "))).toEqual([
      "0 days",
      "28 days",
      "1 months",
      "6 months",
      "365 days",
      "1 years",
      "2 years",
      "18 years",
      "60 years",
    ]);
  });
  it("come back as the same day, whichever day it is", () => {
    const every = Array.from({ length: AGE_MAX_DAYS + 1 }, (_, day) => day);
    const lost = every.filter((day) => firstDay(ageOn(day).count, ageOn(day).unit) !== day);
    expect(lost).toEqual([]);
  });
});

describe("a limit in the form", () => {
  it("is sent as it came when nothing was touched", () => {
    const limit = {
      ...nothing,
      sex: "female" as const,
      age_min_days: 6575,
      age_max_days: 21914,
      low: "3.50",
      text: "EFLM",
    };
    expect(limitOf(rowOf(limit, 0))).toEqual(limit);
  });
  it("ends on the day before the age that is typed", () => {
    expect(limitOf(aged("18", "60"))).toMatchObject({ age_min_days: 6575, age_max_days: 21914 });
    expect(limitOf(row({}, { under: { text: "28", unit: "days" } }))).toMatchObject({
      age_min_days: null,
      age_max_days: 27,
    });
  });
  it("is left out while nothing is typed", () => {
    expect(isBlank(rowOf(null, 0))).toBe(true);
    expect(isBlank(row())).toBe(false);
  });
  it("is followed by the men, or by whoever is older", () => {
    expect(rowAfter(aged("18", "60", "female"), 7)).toMatchObject({
      sex: "male",
      from: { text: "18" },
      under: { text: "60" },
    });
    expect(rowAfter(aged("18", "60"), 7)).toMatchObject({ sex: "", from: { text: "60" }, under: { text: "" } });
  });
});

describe("what cannot be saved", () => {
  it("is a limit of no test, and a number that is none", () => {
    expect(codes(row({ test_id: "" }), row({ low: "low" }))).toEqual(["test test", "low number"]);
  });
  it("is a lower limit above an upper one", () => {
    expect(codes(row({ low: "5,5", high: "3.5" }))).toEqual(["low order"]);
    expect(codes(row({ low: "3.5", high: "5.0", critical_low: "2.8", critical_high: "6.2" }))).toEqual([""]);
    expect(codes(row({ low: "3.5", critical_low: "4" }))).toEqual(["critical_low order"]);
  });
  it("is an age that is none, is beyond anybody, or ends before it begins", () => {
    expect(codes(aged("1.5", ""), aged("151", ""), aged("60", "18"), aged("", "0"), aged("0", "150"))).toEqual([
      "from age",
      "from old",
      "under ends",
      "under ends",
      "",
    ]);
  });
  it("is two ranges that concern the same person", () => {
    expect(codes(aged("18", "60"), aged("50", ""))).toEqual(["", "from overlap"]);
    expect(codes(aged("18", "60"), aged("18", "60"))).toEqual(["", "from twin"]);
    expect(codes(row(), row())).toEqual(["", "sex twin"]);
    expect(codes(aged("18", "60", "male"), aged("", "19", "male"))).toEqual(["", "from overlap"]);
  });
  it("is not: bands that meet, the other sex, another test, or a range for everybody else", () => {
    expect(codes(aged("", "18"), aged("18", "60"), aged("60", ""))).toEqual(["", "", ""]);
    expect(codes(aged("18", "60", "female"), aged("18", "60", "male"), aged("18", "60"))).toEqual(["", "", ""]);
    expect(codes(aged("18", ""), { ...aged("18", ""), test: "sodium" })).toEqual(["", ""]);
    expect(codes(row(), aged("", "1"))).toEqual(["", ""]);
  });
});

it("alarm limits are read as what lies beyond them", () => {
  expect(alarmText({ ...nothing, critical_low: "2.8", critical_high: "6.2" }, "critical")).toBe("< 2.8  > 6.2");
  expect(alarmText(nothing, "warn")).toBeNull();
});

it("limits of one test stand together, in the order in which the tests are named", () => {
  expect(byTest(["a1", "b1", "a2"], (each) => each.charAt(0))).toEqual([["a1", "a2"], ["b1"]]);
});
