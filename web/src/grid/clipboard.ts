/*
 * What spreadsheets and instrument programs put on the clipboard, and where it lands. Pure, so that every odd block can be
 * a test.
 */

/** Rows of cells from tab-separated text. Quoted cells may hold tabs, line breaks and doubled quotes. */
export function parseBlock(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  const source = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "");
  for (let at = 0; at < source.length; at++) {
    const char = source.charAt(at);
    if (quoted) {
      if (char !== '"') cell += char;
      else if (source.charAt(at + 1) === '"') {
        cell += '"';
        at++;
      } else quoted = false;
    } else if (char === '"' && cell === "") quoted = true;
    else if (char === "\t") {
      row.push(cell);
      cell = "";
    } else if (char === "\n") {
      rows.push([...row, cell]);
      row = [];
      cell = "";
    } else cell += char;
  }
  rows.push([...row, cell]);
  return rows.map((each) => each.map((one) => one.trim()));
}

/** The inverse: text that a spreadsheet takes as cells. */
export function writeBlock(rows: readonly (readonly string[])[]): string {
  const quote = (cell: string) => (/["\t\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return rows.map((row) => row.map(quote).join("\t")).join("\n");
}

/** A block as it is laid over the grid: which value goes to which row and column. */
export interface Placement {
  row: number;
  column: number;
  text: string;
}
export interface PastePlan {
  placements: Placement[];
  /** How rows were found: below the active cell, or by the names in the block's first column. */
  by: "position" | "name";
  /** Values that fell outside the grid or whose name is not in it. */
  outside: number;
}

interface Sheet {
  /** What names each row ("W-26-004260"), in order. */
  rowNames: readonly string[];
  /** What may name each column (code, test name), in order. */
  columnNames: readonly (readonly string[])[];
  active: { row: number; column: number };
  /** The selected rectangle, ends included; a single value fills it. */
  selection: { top: number; left: number; bottom: number; right: number };
}

const fold = (text: string) => text.trim().toLocaleLowerCase();

/**
 * Lays a block over the grid. A first column made of row names decides the rows, and a first line made of column names the
 * columns, so that an instrument's list in its own order cannot land on the wrong samples. Otherwise it starts at the
 * active cell.
 */
export function planPaste(block: readonly (readonly string[])[], sheet: Sheet): PastePlan {
  const [only] = block[0] ?? [];
  if (block.length === 1 && block[0]?.length === 1 && only !== undefined) return fill(only, sheet);
  const rowOf = new Map(sheet.rowNames.map((name, index) => [fold(name), index]));
  const named = block.filter((line) => line.length > 1 && rowOf.has(fold(line[0] ?? ""))).length;
  const byName = named > 0 && named >= block.length / 2;
  const lines = byName
    ? block.map((line) => ({ name: line[0] ?? "", cells: line.slice(1) }))
    : block.map((line) => ({ name: "", cells: [...line] }));

  const columnOf = new Map(
    sheet.columnNames.flatMap((names, index) => names.map((name) => [fold(name), index] as const)),
  );
  const head = lines[0]?.cells.map((cell) => columnOf.get(fold(cell))) ?? [];
  const hasHead = head.some((column) => column !== undefined) && (!byName || !rowOf.has(fold(lines[0]?.name ?? "")));
  const body = hasHead ? lines.slice(1) : lines;

  const placements: Placement[] = [];
  let outside = 0;
  for (const [offset, line] of body.entries()) {
    const row = byName ? rowOf.get(fold(line.name)) : sheet.active.row + offset;
    for (const [index, text] of line.cells.entries()) {
      const column = hasHead ? head[index] : sheet.active.column + index;
      if (text === "") continue;
      const inside =
        row !== undefined && row < sheet.rowNames.length && column !== undefined && column < sheet.columnNames.length;
      if (inside) placements.push({ row, column, text });
      else outside++;
    }
  }
  return { placements, by: byName ? "name" : "position", outside };
}

function fill(text: string, { selection }: Sheet): PastePlan {
  const placements: Placement[] = [];
  for (let row = selection.top; row <= selection.bottom; row++)
    for (let column = selection.left; column <= selection.right; column++) placements.push({ row, column, text });
  return { placements, by: "position", outside: 0 };
}
