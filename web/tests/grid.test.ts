import { describe, expect, it } from "vitest";
import { parseBlock, planPaste, writeBlock } from "@/grid/clipboard";
import { History } from "@/grid/history";
import { arrow, nextEditable } from "@/grid/position";

const sheet = {
  rowNames: ["W-1", "W-2", "W-3"],
  columnNames: [
    ["PB", "Lead, dissolved"],
    ["NO3", "Nitrate as N"],
    ["PH", "pH"],
  ],
  active: { row: 0, column: 0 },
  selection: { top: 0, left: 0, bottom: 0, right: 0 },
};

describe("the clipboard", () => {
  it("reads lines and tabs, whatever ends the line", () => {
    expect(parseBlock("1\t2\r\n3\t4\r\n")).toEqual([
      ["1", "2"],
      ["3", "4"],
    ]);
  });
  it("reads quoted cells with tabs, line breaks and quotes in them", () => {
    expect(parseBlock('"a\tb"\t"say ""so"""\n"two\nlines"\tx')).toEqual([
      ["a\tb", 'say "so"'],
      ["two\nlines", "x"],
    ]);
  });
  it("writes what it can read again", () => {
    const block = [
      ["0.012", 'a "quoted" word'],
      ["two\nlines", ""],
    ];
    expect(parseBlock(writeBlock(block))).toEqual(block);
  });
});

describe("a pasted block", () => {
  it("starts at the active cell and counts what falls outside", () => {
    const plan = planPaste(parseBlock("1\t2\n3\t4\n5\t6"), { ...sheet, active: { row: 1, column: 1 } });
    expect(plan.placements).toEqual([
      { row: 1, column: 1, text: "1" },
      { row: 1, column: 2, text: "2" },
      { row: 2, column: 1, text: "3" },
      { row: 2, column: 2, text: "4" },
    ]);
    expect(plan.outside).toBe(2);
  });
  it("goes to the samples that its first column names, in whatever order", () => {
    const plan = planPaste(parseBlock("W-3\t0.3\nW-1\t0.1\nW-9\t0.9"), sheet);
    expect(plan.by).toBe("name");
    expect(plan.placements).toEqual([
      { row: 2, column: 0, text: "0.3" },
      { row: 0, column: 0, text: "0.1" },
    ]);
    expect(plan.outside).toBe(1);
  });
  it("goes to the tests that its first line names", () => {
    const plan = planPaste(parseBlock("Sample\tpH\tPB\tUnknown\nw-2\t7.9\t0.004\t1"), sheet);
    expect(plan.placements).toEqual([
      { row: 1, column: 2, text: "7.9" },
      { row: 1, column: 0, text: "0.004" },
    ]);
    expect(plan.outside).toBe(1);
  });
  it("of one value fills the selection", () => {
    const plan = planPaste([["ND"]], { ...sheet, selection: { top: 0, left: 1, bottom: 2, right: 1 } });
    expect(plan.placements.map((each) => each.row)).toEqual([0, 1, 2]);
  });
  it("leaves out empty cells instead of clearing what is there", () => {
    expect(planPaste(parseBlock("1\t\t3"), sheet).placements.map((each) => each.column)).toEqual([0, 2]);
  });
});

describe("undo", () => {
  it("takes back a pasted block in one step and brings it again", () => {
    const history = new History();
    history.push([
      { id: "a", before: undefined, after: "1" },
      { id: "b", before: "9", after: "2" },
    ]);
    expect(history.undo()).toEqual([
      { id: "a", text: undefined },
      { id: "b", text: "9" },
    ]);
    expect(history.redo()).toEqual([
      { id: "a", text: "1" },
      { id: "b", text: "2" },
    ]);
    expect(history.redo()).toBeNull();
  });
  it("remembers a hundred steps and no more", () => {
    const history = new History(100);
    for (let n = 0; n < 130; n++) history.push([{ id: "a", before: String(n), after: String(n + 1) }]);
    let steps = 0;
    let last: string | undefined;
    for (let step = history.undo(); step; step = history.undo()) {
      steps++;
      last = step[0]?.text;
    }
    expect(steps).toBe(100);
    expect(last).toBe("30");
  });
  it("forgets what can be done again once something new is typed", () => {
    const history = new History();
    history.push([{ id: "a", before: undefined, after: "1" }]);
    history.undo();
    history.push([{ id: "a", before: undefined, after: "2" }]);
    expect(history.canRedo).toBe(false);
  });
  it("does not bring back what was saved meanwhile", () => {
    const history = new History();
    history.push([{ id: "a", before: undefined, after: "1" }]);
    history.push([
      { id: "a", before: "1", after: "2" },
      { id: "b", before: undefined, after: "3" },
    ]);
    history.forget(new Set(["a"]));
    expect(history.undo()).toEqual([{ id: "b", text: undefined }]);
    expect(history.undo()).toBeNull();
  });
  it("takes a step without change for none", () => {
    const history = new History();
    history.push([{ id: "a", before: "1", after: "1" }]);
    expect(history.canUndo).toBe(false);
  });
});

describe("moving", () => {
  const size = { rows: 3, columns: 2 };
  it("stays inside the grid", () => {
    expect(arrow("ArrowUp", { row: 0, column: 1 }, size, { ctrl: false, page: 5 })).toEqual({ row: 0, column: 1 });
    expect(arrow("PageDown", { row: 1, column: 0 }, size, { ctrl: false, page: 5 })).toEqual({ row: 2, column: 0 });
    expect(arrow("End", { row: 0, column: 0 }, size, { ctrl: true, page: 5 })).toEqual({ row: 2, column: 1 });
    expect(arrow("x", { row: 0, column: 0 }, size, { ctrl: false, page: 5 })).toBeNull();
  });
  it("with Tab skips what cannot be typed into, and leaves at the end", () => {
    const editable = ({ row, column }: { row: number; column: number }) => !(row === 0 && column === 1) && row < 2;
    expect(nextEditable({ row: 0, column: 0 }, 1, size, editable)).toEqual({ row: 1, column: 0 });
    expect(nextEditable({ row: 1, column: 1 }, 1, size, editable)).toBeNull();
    expect(nextEditable({ row: 0, column: 0 }, -1, size, editable)).toBeNull();
  });
});
