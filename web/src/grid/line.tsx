import { useId } from "react";
import { cx } from "@/ui/cx";
import { CellInput } from "./cell-input";
import { inside } from "./position";
import type { GridState } from "./state";
import type { GridProps } from "./types";

/** One row of the grid: its head and its cells, at its place in the scrolled height. */
export function GridLine({
  row,
  top,
  template,
  grid,
  props,
}: {
  row: number;
  top: number;
  template: object;
  grid: GridState;
  props: GridProps;
}) {
  const { rows, columns, active, cell } = props;
  const hintId = useId();
  return (
    <div
      role="row"
      aria-rowindex={row + 2}
      className="absolute inset-x-0 grid border-b border-line"
      style={{ ...template, height: grid.rowHeight, top }}
    >
      <div
        role="rowheader"
        aria-colindex={1}
        className={cx(
          "sticky left-0 z-10 flex min-w-0 items-center border-e border-line-strong px-3",
          active.row === row ? "bg-selected" : "bg-surface",
        )}
      >
        {props.rowHead(row)}
      </div>
      {columns.map((column, index) => {
        const at = { row, column: index };
        const isActive = active.row === at.row && active.column === at.column;
        const view = cell(at);
        return (
          <div
            key={column.id}
            role="gridcell"
            aria-colindex={index + 2}
            aria-selected={isActive || inside(grid.selection, at)}
            // ARIA 1.2 allows it on grid cells; the rule knows 1.1.
            // oxlint-disable-next-line jsx-a11y/role-supports-aria-props
            aria-readonly={!view.editable}
            aria-invalid={view.invalid || undefined}
            tabIndex={isActive ? 0 : -1}
            data-cell={`${at.row}:${at.column}`}
            className={cx(
              "relative flex min-w-0 items-center gap-1.5 border-e border-line px-2.5 outline-none",
              column.align === "end" && "justify-end",
              view.className ?? (view.editable ? "" : "text-muted"),
              grid.wide && inside(grid.selection, at) && "bg-selected",
              isActive && "z-[5] ring-2 ring-accent ring-inset",
            )}
          >
            {isActive && grid.editing ? (
              <CellInput
                text={grid.editing.text}
                caret={grid.editing.caret}
                label={`${rows[at.row]?.name ?? ""}, ${column.names[0] ?? ""}`}
                listId={view.choices ? hintId : undefined}
                choices={view.choices}
                align={column.align}
                onText={(text) => grid.setEditing((now) => now && { ...now, text })}
                onLeave={grid.commit}
              />
            ) : (
              (view.content ?? <span className="truncate">{view.text}</span>)
            )}
          </div>
        );
      })}
    </div>
  );
}
