import { useLingui } from "@lingui/react/macro";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type PointerEvent, type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { usePreferences } from "@/session/preferences";
import { cx } from "./cx";
import { isTyping } from "./typing";
import { useMedia, useNarrow } from "./media";
import { None } from "./none";
import { Skeleton } from "./states";

export interface Column<R> {
  id: string;
  header: ReactNode;
  /** Left out where the window is narrower than 90rem. */
  roomy?: boolean;
  /** A grid track such as "10rem" or "minmax(8rem, 1fr)". */
  width: string;
  /** Nothing at all (null) shows as a dash. */
  cell: (row: R) => ReactNode;
  align?: "end";
  /** What can be done to the row: it stays in sight where the columns are wider than the window. */
  act?: boolean;
}

export interface DataTableProps<R extends { id: string }> {
  label: string;
  columns: readonly Column<R>[];
  rows: readonly R[];
  /**
   * The link that opens the row. Give it `rowLinkClass`: it then covers the row, so that middle click, Ctrl+click and
   * "copy link" work anywhere on it. Shown in the first column.
   */
  link: (row: R) => ReactNode;
  /** The row on a narrow screen: two or three lines. */
  narrow: (row: R) => ReactNode;
  narrowHeight?: number;
  loading?: boolean;
  /** Shown in place of rows when there are none. */
  empty: ReactNode;
  hasMore?: boolean;
  loadingMore?: boolean;
  onMore?: () => void;
  /** J and K move between rows when the letter keys are on. */
  className?: string;
}

/** Class of the link in a row: its hit area is the row. */
export const rowLinkClass =
  "font-medium text-ink outline-none after:absolute after:inset-0 after:content-[''] focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent";

const HEAD = 32;
const rowHeights = { compact: 30, regular: 36, roomy: 48 };

/** The least room that columns need side by side, in rem: their own, the gaps between them, the edges. */
function leastRoom(columns: readonly { width: string }[]): number {
  const own = columns.map(({ width }) => Number.parseFloat(width.replace("minmax(", "")));
  return own.reduce((sum, each) => sum + each, 0) + (columns.length - 1) + 3;
}
/** Without the side bar the table has the whole window; with it there is room enough to scroll sideways. */
const WITH_SIDE_BAR = 64;

/** What is cut off can be read by pointing at it. */
function tellWhole({ currentTarget: cell }: PointerEvent<HTMLElement>) {
  cell.title = cell.scrollWidth > cell.clientWidth ? cell.innerText : "";
}

const columnClass = ({ align, act }: Column<never>) =>
  cx(
    align === "end" && "text-end",
    act &&
      "sticky end-0 z-[2] -me-4 bg-surface pe-4 group-hover:bg-hover group-has-focus-visible:bg-selected sm:-me-6 sm:pe-6",
  );

/** A long list: only the visible rows exist, the head stays, the keyboard walks. */
export function DataTable<R extends { id: string }>(props: DataTableProps<R>) {
  const { t } = useLingui();
  const { rows, onMore, hasMore, loadingMore } = props;
  const tight = useMedia("(max-width: 89.99rem)");
  const columns = tight ? props.columns.filter((column) => !column.roomy) : props.columns;
  const scroller = useRef<HTMLDivElement>(null);
  const room = Math.min(leastRoom(props.columns.filter((column) => !column.roomy)), WITH_SIDE_BAR);
  const cramped = useMedia(`(max-width: ${room - 0.01}rem)`);
  const narrow = useNarrow() || cramped;
  const coarse = useMedia("(pointer: coarse)");
  const { density, letterKeys } = usePreferences();
  const height = narrow ? (props.narrowHeight ?? 76) : coarse ? 48 : rowHeights[density];
  const [wanted, setWanted] = useState<number | null>(null);

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
    // The rows begin below the head, and the row that is walked to shows some of the next.
    scrollPaddingEnd: (narrow ? 0 : HEAD) + height / 2,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  useEffect(() => virtual.measure(), [height, virtual]);

  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !loadingMore && last >= rows.length - 20) onMore?.();
  }, [hasMore, loadingMore, last, rows.length, onMore]);

  const focusRow = useCallback((index: number) => {
    const link = scroller.current?.querySelector<HTMLAnchorElement>(`[data-row="${index}"] a[href]`);
    link?.focus({ preventScroll: true });
    return Boolean(link);
  }, []);
  useEffect(() => {
    if (wanted !== null && focusRow(wanted)) setWanted(null);
  }, [wanted, items, focusRow]);

  const move = useCallback(
    (step: number) => {
      const now = document.activeElement?.closest<HTMLElement>("[data-row]")?.dataset.row;
      const next = Math.min(Math.max((now === undefined ? -1 : Number(now)) + step, 0), rows.length - 1);
      if (rows.length === 0) return;
      virtual.scrollToIndex(next, { align: "auto" });
      setWanted(next);
    },
    [rows.length, virtual],
  );
  useEffect(() => {
    if (!letterKeys) return;
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === "j") move(1);
      else if (event.key === "k") move(-1);
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [letterKeys, move]);

  const onArrow = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else return;
    event.preventDefault();
  };
  const grid = { gridTemplateColumns: columns.map((column) => column.width).join(" ") };

  return (
    // Arrow keys reach it from the rows' links inside; it is no control of its own.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      ref={scroller}
      className={cx("min-h-0 flex-1 overflow-auto border-t border-line bg-surface", props.className)}
      onKeyDown={onArrow}
    >
      <div
        role="table"
        aria-label={props.label}
        aria-rowcount={hasMore ? -1 : rows.length + 1}
        className={narrow ? "" : "min-w-max"}
      >
        <div role="rowgroup" className={narrow ? "sr-only" : "sticky top-0 z-10 bg-surface"}>
          <div
            role="row"
            className="grid items-center gap-x-4 border-b border-line px-4 text-xs font-medium text-muted sm:px-6"
            style={{ height: HEAD, ...grid }}
          >
            {columns.map((column) => (
              <div key={column.id} role="columnheader" className={cx("truncate", columnClass(column))}>
                {column.header}
              </div>
            ))}
          </div>
        </div>
        {props.loading ? (
          <SkeletonRows columns={columns} height={height} narrow={narrow} style={grid} />
        ) : rows.length === 0 ? (
          <div role="rowgroup">
            <div role="row">
              <div role="cell" className="sticky left-0 w-full max-w-[100vw]">
                {props.empty}
              </div>
            </div>
          </div>
        ) : (
          <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
            {items.map((item) => {
              const row = rows[item.index];
              if (!row) return null;
              return (
                <div
                  key={item.key}
                  role="row"
                  data-row={item.index}
                  aria-rowindex={item.index + 2}
                  className={cx(
                    "group absolute inset-x-0 border-b border-line px-4 hover:bg-hover has-focus-visible:bg-selected sm:px-6",
                    narrow ? "flex flex-col justify-center" : "grid items-center gap-x-4",
                  )}
                  style={{ height, top: item.start, ...(narrow ? {} : grid) }}
                >
                  {narrow ? (
                    <div role="cell">{props.narrow(row)}</div>
                  ) : (
                    columns.map((column, index) => (
                      <div
                        key={column.id}
                        role="cell"
                        onPointerEnter={tellWhole}
                        className={cx("min-w-0 truncate", columnClass(column))}
                      >
                        {index === 0 ? props.link(row) : (column.cell(row) ?? <None />)}
                      </div>
                    ))
                  )}
                </div>
              );
            })}
          </div>
        )}
      </div>
      <p className="sr-only" aria-live="polite">
        {loadingMore ? t`Loading more…` : ""}
      </p>
      {loadingMore && <Skeleton className="mx-6 my-3 h-3 w-40" />}
    </div>
  );
}

function SkeletonRows<R>({
  columns,
  height,
  narrow,
  style,
}: {
  columns: readonly Column<R>[];
  height: number;
  narrow: boolean;
  style: object;
}) {
  return (
    <div role="rowgroup" aria-busy>
      {Array.from({ length: 12 }, (_, index) => (
        <div
          key={index}
          role="row"
          className="grid items-center gap-x-4 border-b border-line px-4 sm:px-6"
          style={narrow ? { height } : { height, ...style }}
        >
          {columns.slice(0, narrow ? 1 : undefined).map((column) => (
            <div key={column.id} role="cell">
              <Skeleton className={cx("h-3", index % 3 === 0 ? "w-4/5" : index % 3 === 1 ? "w-3/5" : "w-2/3")} />
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}
