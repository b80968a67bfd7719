import { describe, expect, it } from "vitest";
import type { Limits } from "@/api/types";
import { flagsOf, readValue, roundHalfAway, type ValueRules } from "@/features/results/value";

const lead: ValueRules = {
  result_type: "numeric",
  decimals: 4,
  codes: null,
  lod: "0.0005",
  loq: "0.002",
  unit: "mg/L",
};
const text = (typed: string, rules = lead) => readValue(typed, rules).text;
const limits = (some: Partial<Limits>): Limits => ({
  low: null,
  high: null,
  warn_low: null,
  warn_high: null,
  critical_low: null,
  critical_high: null,
  text: null,
  source: null,
  ...some,
});

describe("a typed or pasted value", () => {
  it.each([
    ["0,012", "0.012"],
    ["0.050", "0.050"],
    [" 0.012 mg/L ", "0.012"],
    ["0,012mg/l", "0.012"],
    ["<0,02", "<0.02"],
    ["< 0.02 mg/L", "<0.02"],
    ["≤0.02", "<=0.02"],
    ["> 2 400", ">2400"],
    ["1 234,5", "1234.5"],
    ["1.234,5", "1234.5"],
    ["1,234.5", "1234.5"],
    ["\u22125.1", "-5.1"],
    ["12\u00a0500", "12500"],
    ["1.2e3", "1.2e3"],
  ])("%j becomes %j, digit for digit", (typed, meant) => {
    expect(readValue(typed, lead)).toMatchObject({ text: meant });
    expect(readValue(typed, lead).trouble).toBeUndefined();
  });
  it.each(["ND", "nd", "n.d.", "n. d.", "not detected", "nie wykryto", "BDL"])("%j is ND", (typed) =>
    expect(text(typed)).toBe("ND"),
  );
  it("knows the limits by name, in English and Polish", () => {
    expect(text("<LOD")).toBe("<LOD");
    expect(text("< lod")).toBe("<LOD");
    expect(text("<GW")).toBe("<LOD");
    expect(text("<LOQ")).toBe("<LOQ");
    expect(readValue("<LOQ", lead).display).toBe("< 0.002");
    expect(readValue("<LOD", { ...lead, lod: null }).trouble).toBe("no_lod");
  });
  it.each(["abc", "1..2", "1,2,3", "NaN", "Infinity", "5 or 6", "<", "1.2e999"])(
    "%j is said to be no number",
    (typed) => expect(readValue(typed, lead).trouble).toBe("not_a_number"),
  );
  it("finds a code by its beginning, but only when it is clear which", () => {
    const growth: ValueRules = { ...lead, result_type: "coded", codes: ["detected", "not detected", "doubtful"] };
    expect(text("DETECTED", growth)).toBe("detected");
    expect(text("not", growth)).toBe("not detected");
    expect(readValue("d", growth).trouble).toBe("not_a_code");
  });
});

describe("rounding", () => {
  it.each([
    ["0.125", 2, "0.13"],
    ["-0.125", 2, "-0.13"],
    ["1.005", 2, "1.01"],
    ["9.996", 2, "10.00"],
    ["7", 1, "7.0"],
    ["1.2e3", 0, "1200"],
    ["5e-4", 3, "0.001"],
    ["-0.0004", 3, "0.000"],
    ["0.5", 0, "1"],
  ])("of %s to %i decimals is %s", (typed, decimals, rounded) => expect(roundHalfAway(typed, decimals)).toBe(rounded));
});

describe("flags while typing", () => {
  const flags = (typed: string, some: Partial<Limits>) => flagsOf(readValue(typed, lead), limits(some));
  it("leave the limit itself within", () => {
    expect(flags("0.005", { high: "0.005" })).toEqual([]);
    expect(flags("0.0051", { high: "0.005" })).toEqual(["H"]);
    expect(flags("6.4", { low: "6.5" })).toEqual(["L"]);
  });
  it("judge the rounded value", () => expect(flags("0.00504", { high: "0.005" })).toEqual([]));
  it("warn near a limit and cry at a critical one", () => {
    expect(flags("0.0045", { warn_high: "0.004", high: "0.005" })).toEqual(["warn_high"]);
    expect(flags("11", { high: "5", critical_high: "10" })).toEqual(["HH", "critical_high"]);
    expect(flags("2.1", { low: "3.5", critical_low: "2.5" })).toEqual(["LL", "critical_low"]);
  });
  it("say nothing about a < value above the limit, and L about one wholly below", () => {
    expect(flags("<0.02", { high: "0.005" })).toEqual([]);
    expect(flags("<6.5", { low: "6.5" })).toEqual(["L"]);
    expect(flags(">0.005", { high: "0.005" })).toEqual(["H"]);
    expect(flags("ND", { high: "0.005" })).toEqual([]);
  });
});
