import { type PointerEvent, useRef } from "react";
import type { Position } from "./position";
import type { GridState } from "./state";
import type { GridProps } from "./types";

function placeOf(event: PointerEvent): Position | null {
  const name = (event.target as HTMLElement).closest<HTMLElement>("[data-cell]")?.dataset.cell;
  if (!name) return null;
  const [row, column] = name.split(":").map(Number);
  return { row: row ?? 0, column: column ?? 0 };
}

/** A press makes a cell the active one, dragging or Shift selects. */
export function useGridPointer(grid: GridState, { active, cell }: GridProps) {
  // On glass there is no keyboard to begin with: the second tap on a cell opens the field.
  const tap = useRef(false);
  const onPointerDown = (event: PointerEvent) => {
    const at = placeOf(event);
    if (!at || event.button !== 0 || (grid.editing && at.row === active.row && at.column === active.column)) return;
    tap.current = at.row === active.row && at.column === active.column;
    if (grid.editing) grid.commit();
    grid.go(at, event.shiftKey);
  };
  const onTap = () => {
    if (grid.coarse && tap.current && !grid.editing) grid.startEdit(cell(active).text, true);
  };
  const onPointerMove = (event: PointerEvent) => {
    if (event.buttons !== 1 || grid.editing || event.pointerType === "touch") return;
    const at = placeOf(event);
    if (at && (at.row !== active.row || at.column !== active.column)) grid.go(at, true);
  };
  return { onPointerDown, onPointerMove, onClick: onTap, onDoubleClick: () => grid.startEdit(cell(active).text, true) };
}
