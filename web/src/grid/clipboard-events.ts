import type { ClipboardEvent } from "react";
import { parseBlock, planPaste, writeBlock } from "./clipboard";
import type { GridState } from "./state";
import type { GridProps } from "./types";

/** A block from a spreadsheet lands by the names of its rows and columns, or where the active cell is. */
export function onGridPaste(event: ClipboardEvent, grid: GridState, props: GridProps) {
  const text = event.clipboardData.getData("text/plain");
  const block = parseBlock(text);
  // One value pasted while typing belongs to the field.
  if (grid.editing && block.length === 1 && block[0]?.length === 1) return;
  event.preventDefault();
  grid.stopEdit();
  const plan = planPaste(block, {
    rowNames: props.rows.map((row) => row.name),
    columnNames: props.columns.map((column) => column.names),
    active: props.active,
    selection: grid.selection,
  });
  props.onPasted?.(plan, grid.edit(plan.placements));
}

/** The selection as a spreadsheet takes it. */
export function onGridCopy(event: ClipboardEvent, grid: GridState, props: GridProps) {
  if (grid.editing) return;
  const lines: string[][] = [];
  for (let row = grid.selection.top; row <= grid.selection.bottom; row++) {
    const line: string[] = [];
    for (let column = grid.selection.left; column <= grid.selection.right; column++)
      line.push(props.cell({ row, column }).text);
    lines.push(line);
  }
  event.clipboardData.setData("text/plain", writeBlock(lines));
  event.preventDefault();
}
