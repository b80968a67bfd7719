/** A place in the grid, counted from 0. */
export interface Position {
  row: number;
  column: number;
}
export interface Rectangle {
  top: number;
  left: number;
  bottom: number;
  right: number;
}
interface Size {
  rows: number;
  columns: number;
}

export function rectangle(a: Position, b: Position): Rectangle {
  return {
    top: Math.min(a.row, b.row),
    bottom: Math.max(a.row, b.row),
    left: Math.min(a.column, b.column),
    right: Math.max(a.column, b.column),
  };
}

export function inside({ top, left, bottom, right }: Rectangle, { row, column }: Position): boolean {
  return row >= top && row <= bottom && column >= left && column <= right;
}

export function clamp({ row, column }: Position, { rows, columns }: Size): Position {
  return { row: Math.max(0, Math.min(row, rows - 1)), column: Math.max(0, Math.min(column, columns - 1)) };
}

/** Where an arrow, Home, End or Page key leads; null when the key moves nothing. */
export function arrow(
  key: string,
  from: Position,
  size: Size,
  { ctrl, page }: { ctrl: boolean; page: number },
): Position | null {
  const last = { row: size.rows - 1, column: size.columns - 1 };
  const to = (row: number, column: number) => clamp({ row, column }, size);
  switch (key) {
    case "ArrowUp":
      return ctrl ? to(0, from.column) : to(from.row - 1, from.column);
    case "ArrowDown":
      return ctrl ? to(last.row, from.column) : to(from.row + 1, from.column);
    case "ArrowLeft":
      return ctrl ? to(from.row, 0) : to(from.row, from.column - 1);
    case "ArrowRight":
      return ctrl ? to(from.row, last.column) : to(from.row, from.column + 1);
    case "Home":
      return ctrl ? to(0, 0) : to(from.row, 0);
    case "End":
      return ctrl ? last : to(from.row, last.column);
    case "PageUp":
      return to(from.row - page, from.column);
    case "PageDown":
      return to(from.row + page, from.column);
    default:
      return null;
  }
}

/**
 * The next place in reading order that may be typed into; null at the end, so that Tab can leave the grid and nobody is
 * trapped in it (WCAG 2.1.2).
 */
export function nextEditable(
  from: Position,
  step: 1 | -1,
  size: Size,
  editable: (at: Position) => boolean,
): Position | null {
  let index = from.row * size.columns + from.column + step;
  while (index >= 0 && index < size.rows * size.columns) {
    const at = { row: Math.floor(index / size.columns), column: index % size.columns };
    if (editable(at)) return at;
    index += step;
  }
  return null;
}
