import type { KeyboardEvent } from "react";
import { arrow, clamp } from "./position";
import type { GridState } from "./state";
import type { GridProps } from "./types";

/** What the keyboard does in the grid; other keys are left to the page. */
export function onGridKey(event: KeyboardEvent, grid: GridState, props: GridProps) {
  if (props.rows.length === 0) return;
  if (grid.editing) whileTyping(event, grid, grid.editing.caret, props);
  else whileResting(event, grid, props);
}

/** With a caret the arrows stay in the field; without one, as after typing over a cell, they leave it. */
function whileTyping(event: KeyboardEvent, grid: GridState, caret: boolean, { active, onSave }: GridProps) {
  const { size } = grid;
  const ctrl = event.ctrlKey || event.metaKey;
  if (event.key === "Escape") {
    grid.stopEdit();
  } else if (event.key === "Enter") {
    grid.commit();
    grid.go(clamp({ row: active.row + (event.shiftKey ? -1 : 1), column: active.column }, size));
  } else if (event.key === "Tab") {
    grid.commit();
    if (!grid.tab(event.shiftKey ? -1 : 1)) return;
  } else if (ctrl && event.key.toLowerCase() === "s") {
    grid.commit();
    onSave();
  } else if (!caret && !ctrl && event.key.startsWith("Arrow")) {
    grid.commit();
    grid.go(arrow(event.key, active, size, { ctrl: false, page: 1 }) ?? active);
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

function whileResting(event: KeyboardEvent, grid: GridState, props: GridProps) {
  const { active, cell } = props;
  const { size } = grid;
  const ctrl = event.ctrlKey || event.metaKey;
  const to = event.altKey ? null : arrow(event.key, active, size, { ctrl, page: grid.page() });
  if (to) grid.go(to, event.shiftKey);
  else if (event.key === "Enter" && !ctrl)
    grid.go(clamp({ row: active.row + (event.shiftKey ? -1 : 1), column: active.column }, size));
  else if (event.key === "Tab") {
    if (!grid.tab(event.shiftKey ? -1 : 1)) return;
  } else if (event.key === "F2") grid.startEdit(cell(active).text, true);
  else if (event.key === "Escape") {
    if (grid.wide) grid.unselect();
    else props.onLeave();
  } else if (event.key === "Delete" || event.key === "Backspace")
    grid.edit(grid.selected().map((at) => ({ ...at, text: "" })));
  else if (ctrl && event.key.toLowerCase() === "d") grid.fillDown();
  else if (ctrl && event.key.toLowerCase() === "a") grid.selectAll();
  else if (ctrl && event.key.toLowerCase() === "z" && !event.shiftKey) props.onUndo();
  else if (ctrl && (event.key.toLowerCase() === "y" || (event.key.toLowerCase() === "z" && event.shiftKey)))
    props.onRedo();
  else if (ctrl && (event.key.toLowerCase() === "s" || event.key === "Enter")) props.onSave();
  else if (event.key.length === 1 && !ctrl && !event.altKey && event.key !== " ") grid.startEdit(event.key, false);
  else return;
  event.preventDefault();
}
