import { describe, expect, it } from "vitest";
import { emptyRow, pasteInto, resolveBatch } from "@/features/register/batch";
import { parseClipboard, parseWhen } from "@/features/register/paste";
import { instantOf } from "@/session/clock";

describe("the clipboard", () => {
  it("is rows of cells separated by tabs, with either kind of line end", () => {
    expect(parseClipboard("a\tb\r\nc\td\n")).toEqual([
      ["a", "b"],
      ["c", "d"],
    ]);
  });
  it("keeps tabs, line breaks and doubled quotes inside quoted cells", () => {
    expect(parseClipboard('"left\tbank"\t"say ""hi"""\n"two\nlines"\tx')).toEqual([
      ["left\tbank", 'say "hi"'],
      ["two\nlines", "x"],
    ]);
  });
  it("reads semicolons only when there are no tabs", () => {
    expect(parseClipboard("BEC-1;PB\nBEC-2;NO3")).toEqual([
      ["BEC-1", "PB"],
      ["BEC-2", "NO3"],
    ]);
    expect(parseClipboard("BEC-1\tPB; NO3")).toEqual([["BEC-1", "PB; NO3"]]);
  });
  it("leaves out empty lines but not empty cells", () => {
    expect(parseClipboard("a\t\tc\n\t\t\n\nd")).toEqual([["a", "", "c"], ["d"]]);
  });
});

describe("a time as people write it", () => {
  it.each([
    ["2026-11-22 08:50", "2026-11-22T08:50"],
    ["2026-11-22T08:50:31", "2026-11-22T08:50"],
    ["2026-11-22", "2026-11-22T00:00"],
    ["22.11.2026 8:50", "2026-11-22T08:50"],
    ["22/11/2026 23:59", "2026-11-22T23:59"],
    ["2.1.2026", "2026-01-02T00:00"],
  ])("%s is %s", (text, expected) => {
    expect(parseWhen(text)).toBe(expected);
  });
  it.each(["", "yesterday", "2026-02-30", "31.04.2026", "2026-11-22 24:10", "11/22/2026", "22.11.26"])(
    "%s is none",
    (text) => {
      expect(parseWhen(text)).toBeNull();
    },
  );
});

const world = {
  types: [{ id: "t-river", name: "Surface water" }],
  tests: [
    { id: "pb", code: "PB", name: "Lead, dissolved" },
    { id: "no3", code: "NO3", name: "Nitrate as N" },
  ],
  panels: [{ id: "nut", code: "NUT", name: "Nutrients" }],
  toInstant: (local: string) => instantOf(local, "Europe/Warsaw"),
};
const head = { client: { id: "c1", label: "Aqua" }, patient: null, sampleType: null, tests: [], specification: null };
const now = Date.parse("2026-11-22T12:00:00Z");

describe("a pasted table", () => {
  it("goes where the focus was and grows the rows", () => {
    const rows = pasteInto(
      [emptyRow(), { ...emptyRow(), remark: "stays" }],
      "x1\tSurface water\nx2\tSurface water",
      1,
      0,
    );
    expect(rows.map((row) => row.client_reference)).toEqual(["", "x1", "x2"]);
    expect(rows[1]?.remark).toBe("stays");
  });
  it("follows its own column names, in English and Polish, in any order", () => {
    const rows = pasteInto([emptyRow()], "Badania\tMiejsce pobrania\tOznaczenie klienta\nPB\tKranik 3\tK-1", 0, 2);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      tests: "PB",
      collection_place: "Kranik 3",
      client_reference: "K-1",
      collected_at: "",
    });
  });
  it("never grows beyond what can be sent at once", () => {
    expect(pasteInto([emptyRow()], Array.from({ length: 300 }, (_, n) => `r${n}\tx`).join("\n"), 0, 0)).toHaveLength(
      200,
    );
  });
});

describe("a batch", () => {
  it("becomes requests in the laboratory's time, with tests by code, panels by name, and a name with a comma", () => {
    const rows = [
      {
        ...emptyRow(),
        client_reference: "K-1",
        sample_type: "surface water",
        collected_at: "22.11.2026 8:50",
        tests: "pb; Nutrients",
      },
      emptyRow(),
      { ...emptyRow(), sample_type: "Surface water", tests: "Lead, dissolved" },
    ];
    const { items, errors, rowOf } = resolveBatch(rows, head, world, now);
    expect(errors.size).toBe(0);
    expect(rowOf).toEqual([0, 2]);
    expect(items[0]).toMatchObject({
      client_id: "c1",
      sample_type_id: "t-river",
      client_reference: "K-1",
      collected_at: "2026-11-22T07:50:00Z",
      test_ids: ["pb"],
      panel_ids: ["nut"],
    });
    expect(items[1]?.test_ids).toEqual(["pb"]);
  });
  it("takes from the head what a row leaves out", () => {
    const { items, errors } = resolveBatch(
      [{ ...emptyRow(), client_reference: "K-1" }],
      {
        ...head,
        sampleType: { id: "t-river", label: "Surface water" },
        tests: [
          { id: "test:no3", label: "Nitrate" },
          { id: "panel:nut", label: "Nutrients" },
        ],
      },
      world,
      now,
    );
    expect(errors.size).toBe(0);
    expect(items[0]).toMatchObject({ sample_type_id: "t-river", test_ids: ["no3"], panel_ids: ["nut"] });
  });
  it("says which cell is wrong and why", () => {
    const { errors } = resolveBatch(
      [
        { ...emptyRow(), client_reference: "K-1" },
        { ...emptyRow(), sample_type: "Ice", tests: "XX", collected_at: "2026-13-01" },
        { ...emptyRow(), sample_type: "Surface water", tests: "PB", collected_at: "2027-01-01" },
      ],
      head,
      world,
      now,
    );
    expect(Object.fromEntries(errors)).toEqual({
      "0.sample_type": "required",
      "0.tests": "noTests",
      "1.sample_type": "unknown",
      "1.tests": "unknown",
      "1.collected_at": "time",
      "2.collected_at": "future",
    });
  });
});
