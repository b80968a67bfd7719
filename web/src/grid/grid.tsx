import { useRef } from "react";
import { cx } from "@/ui/cx";
import { onGridCopy, onGridPaste } from "./clipboard-events";
import { onGridKey } from "./keys";
import { GridLine } from "./line";
import { useGridPointer } from "./pointer";
import { useGridState } from "./state";
import type { GridProps } from "./types";

/**
 * A spreadsheet-like grid (ARIA grid pattern): one cell has the focus, typing replaces it, the keyboard does everything.
 * It knows nothing of results; what a cell shows and accepts comes from its owner.
 */
export function Grid(props: GridProps) {
  const { rows, columns, active } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const grid = useGridState(props, scroller);
  const pointer = useGridPointer(grid, props);
  const template = {
    gridTemplateColumns: `${props.rowHeadWidth}px ${columns.map((column) => `${column.width}px`).join(" ")} minmax(1rem, 1fr)`,
  };
  return (
    <div
      ref={scroller}
      className={cx("relative min-h-0 flex-1 overflow-auto overscroll-contain bg-surface", props.className)}
      style={{ scrollPaddingTop: grid.headHeight, scrollPaddingLeft: props.rowHeadWidth }}
    >
      {/* Keys, pointer and clipboard are handled once for all cells; each cell can take the focus. */}
      {/* oxlint-disable-next-line jsx-a11y/interactive-supports-focus */}
      <div
        role="grid"
        aria-label={props.label}
        aria-describedby={props.describedBy}
        aria-rowcount={rows.length + 1}
        aria-colcount={columns.length + 1}
        aria-multiselectable
        className="min-w-max select-none"
        onKeyDown={(event) => onGridKey(event, grid, props)}
        onPaste={(event) => onGridPaste(event, grid, props)}
        onCopy={(event) => onGridCopy(event, grid, props)}
        {...pointer}
      >
        <div role="rowgroup" className="sticky top-0 z-20">
          <div
            role="row"
            aria-rowindex={1}
            className="grid border-b border-line-strong bg-canvas text-xs"
            style={{ ...template, height: grid.headHeight }}
          >
            <div
              role="columnheader"
              aria-colindex={1}
              className="sticky left-0 z-10 flex flex-col justify-center border-e border-line-strong bg-canvas px-3 font-medium text-muted"
            >
              {props.corner}
            </div>
            {columns.map((column, index) => (
              <div
                key={column.id}
                role="columnheader"
                aria-colindex={index + 2}
                className={cx(
                  "flex min-w-0 flex-col justify-center overflow-hidden border-e border-line px-2.5 leading-4",
                  column.align === "end" && "items-end text-end",
                  active.column === index && "bg-selected",
                )}
              >
                {column.header}
              </div>
            ))}
          </div>
        </div>
        <div role="rowgroup" className="relative" style={{ height: grid.height }}>
          {grid.items.map((item) => (
            <GridLine key={item.key} row={item.index} top={item.start} template={template} grid={grid} props={props} />
          ))}
        </div>
      </div>
    </div>
  );
}
