import { describe, expect, it } from "vitest";
import { emptyReceipt, receiptBody, receiptErrors, temperatureOutside } from "@/features/receive/receipt-fields";
import { addToTray, changeItem } from "@/features/receive/tray";
import { safeNext } from "@/session/next";
import { ScanBuffer } from "@/shell/scanner";
import type { SampleType } from "@/api/types";

const cold: SampleType = {
  id: "t",
  created_at: "",
  created_by: null,
  updated_at: "",
  version: 1,
  name: "Drinking water",
  matrix: "water",
  requires_temperature: true,
  temperature_min: "2",
  temperature_max: "8",
  containers: null,
  active: true,
};
const sample = (id: string) => ({
  id,
  accession_number: id,
  status: "registered" as const,
  version: 1,
  sample_type: { id: "t", name: "Drinking water" },
  client: null,
  patient: null,
  client_reference: null,
  priority: "routine" as const,
});
const words = { temperature: "needed", number: "number", note: "note" };

describe("a scan", () => {
  const type = (buffer: ScanBuffer, text: string, gap: number, start = 1000) =>
    [...text.split(""), "Enter"]
      .map((key, index) => buffer.push(key === "Enter" ? "Enter" : key, start + index * gap))
      .at(-1);
  it("is a burst of keys that ends with Enter", () => {
    expect(type(new ScanBuffer(), "W-26-004260", 8)).toBe("W-26-004260");
  });
  it("is not a person typing, nor a short burst, nor Enter alone", () => {
    expect(type(new ScanBuffer(), "W-26-004260", 120)).toBeNull();
    expect(type(new ScanBuffer(), "abc", 8)).toBeNull();
    expect(new ScanBuffer().push("Enter", 5)).toBeNull();
  });
  it("begins afresh after a pause", () => {
    const buffer = new ScanBuffer();
    buffer.push("x", 0);
    expect(type(buffer, "W-26-1", 8, 500)).toBe("W-26-1");
  });
});

describe("the bench", () => {
  it("holds a sample once and keeps what was found about it", () => {
    let tray = addToTray([], sample("a"));
    tray = changeItem(tray, "a", { condition: "compromised", note: "warm" });
    tray = addToTray(addToTray(tray, sample("b")), sample("a"));
    expect(tray.map((item) => item.sample.id)).toEqual(["b", "a"]);
    expect(tray[1]?.receipt.note).toBe("warm");
  });
  it("asks for a temperature where the type does, and for words where something is wrong", () => {
    expect(receiptErrors(emptyReceipt, cold, words)).toEqual({ temperature: "needed" });
    expect(receiptErrors({ ...emptyReceipt, temperature: "4,2" }, cold, words)).toEqual({});
    expect(receiptErrors({ ...emptyReceipt, temperature: "cool" }, cold, words)).toEqual({ temperature: "number" });
    expect(receiptErrors({ ...emptyReceipt, condition: "compromised" }, undefined, words)).toEqual({ note: "note" });
    expect(
      receiptErrors({ ...emptyReceipt, condition: "compromised", deviations: ["Received warm"] }, undefined, words),
    ).toEqual({});
  });
  it("warns of a temperature outside the wanted range without forbidding it", () => {
    expect(temperatureOutside({ ...emptyReceipt, temperature: "8,1" }, cold)).toBe(true);
    expect(temperatureOutside({ ...emptyReceipt, temperature: "8" }, cold)).toBe(false);
    expect(temperatureOutside(emptyReceipt, cold)).toBeNull();
  });
  it("sends the decimal point and leaves out what was not said", () => {
    expect(receiptBody({ ...emptyReceipt, temperature: " 4,2 " })).toEqual({
      condition: "acceptable",
      condition_note: undefined,
      temperature_c: "4.2",
      deviations: undefined,
      location_id: undefined,
    });
  });
});

it.each([
  ["/samples?status=received", "/samples?status=received"],
  ["//evil.example", "/"],
  ["/\\evil.example", "/"],
  ["https://evil.example", "/"],
  [undefined, "/"],
])("after signing in, %s leads to %s", (next, expected) => {
  expect(safeNext(next)).toBe(expected);
});
