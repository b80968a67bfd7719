import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type ClipboardEvent,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useId,
  useRef,
  useState,
} from "react";
import { usePreferences } from "@/session/preferences";
import { cx } from "@/ui/cx";
import { useMedia } from "@/ui/media";
import { parseBlock, type PastePlan, planPaste, writeBlock } from "./clipboard";
import { arrow, clamp, inside, nextEditable, type Position, rectangle } from "./position";

export interface GridColumn {
  id: string;
  /** What may name the column in the first line of a pasted block. */
  names: readonly string[];
  header: ReactNode;
  /** Pixels. */
  width: number;
  align?: "end";
}
export interface GridRow {
  id: string;
  /** What names the row in a pasted block: an accession number. */
  name: string;
}
/** One cell as it is to be drawn. */
export interface CellView {
  /** Identity of what is typed there; null where there is nothing to type into. */
  id: string | null;
  /** What stands there, and what editing starts from. */
  text: string;
  content?: ReactNode;
  editable: boolean;
  invalid?: boolean;
  className?: string;
  /** Offered while typing. */
  choices?: readonly string[];
}
export interface CellEdit {
  id: string;
  text: string;
}

interface GridProps {
  label: string;
  /** Id of the text that explains the keys. */
  describedBy?: string;
  rows: readonly GridRow[];
  columns: readonly GridColumn[];
  /** Head of the column of row names, and its width in pixels. */
  corner: ReactNode;
  rowHeadWidth: number;
  rowHead: (row: number) => ReactNode;
  cell: (at: Position) => CellView;
  active: Position;
  onActive: (at: Position) => void;
  /** Cells that were typed into, pasted over or filled: one step for undo. */
  onEdit: (edits: CellEdit[]) => void;
  onPasted?: (plan: PastePlan, refused: number) => void;
  onUndo: () => void;
  onRedo: () => void;
  onSave: () => void;
  /** Escape with nothing to cancel: the way out for whoever works without a mouse. */
  onLeave: () => void;
  headHeight?: number;
  /** Each new number brings the active cell into view and gives it the focus. */
  seek?: number;
  className?: string;
}

const rowHeights = { compact: 30, regular: 36, roomy: 48 };

/**
 * A spreadsheet-like grid (ARIA grid pattern): one cell has the focus, typing replaces it, the keyboard does everything.
 * It knows nothing of results; what a cell shows and accepts comes from its owner.
 */
export function Grid(props: GridProps) {
  const { rows, columns, active, onActive, cell } = props;
  const size = { rows: rows.length, columns: columns.length };
  const scroller = useRef<HTMLDivElement>(null);
  const { density } = usePreferences();
  const coarse = useMedia("(pointer: coarse)");
  const rowHeight = coarse ? 48 : rowHeights[density];
  const headHeight = props.headHeight ?? 56;
  const [anchor, setAnchor] = useState<Position | null>(null);
  const [editing, setEditing] = useState<{ text: string; caret: boolean } | null>(null);
  const wantsFocus = useRef(false);
  const hintId = useId();
  const selection = rectangle(active, anchor ?? active);
  const wide = anchor !== null && (anchor.row !== active.row || anchor.column !== active.column);

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    scrollPaddingStart: headHeight,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  useEffect(() => virtual.measure(), [rowHeight, virtual]);
  const items = virtual.getVirtualItems();

  const focusActive = useCallback(() => {
    const element = scroller.current?.querySelector<HTMLElement>(`[data-cell="${active.row}:${active.column}"]`);
    if (!element) return;
    wantsFocus.current = false;
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [active.row, active.column]);
  useEffect(() => {
    if (wantsFocus.current && !editing) focusActive();
  }, [editing, focusActive, items]);

  useEffect(() => {
    if (props.seek === undefined || props.seek === 0) return;
    wantsFocus.current = true;
    virtual.scrollToIndex(active.row, { align: "auto" });
    focusActive();
    // Only a new request moves the focus.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [props.seek]);

  const go = (to: Position, extend = false) => {
    setAnchor(extend ? (anchor ?? active) : null);
    wantsFocus.current = true;
    virtual.scrollToIndex(to.row, { align: "auto" });
    onActive(to);
  };
  const startEdit = (text: string, caret: boolean) => {
    if (!cell(active).editable) return;
    setAnchor(null);
    setEditing({ text, caret });
  };
  const edit = (targets: readonly (Position & { text: string })[]) => {
    let refused = 0;
    const edits: CellEdit[] = [];
    for (const { text, ...at } of targets) {
      const view = cell(at);
      if (view.id !== null && view.editable) edits.push({ id: view.id, text });
      else refused++;
    }
    if (edits.length > 0) props.onEdit(edits);
    return refused;
  };
  const commit = () => {
    if (editing && editing.text !== cell(active).text) edit([{ ...active, text: editing.text }]);
    setEditing(null);
    wantsFocus.current = true;
  };
  const selected = () => {
    const all: Position[] = [];
    for (let row = selection.top; row <= selection.bottom; row++)
      for (let column = selection.left; column <= selection.right; column++) all.push({ row, column });
    return all;
  };
  const fillDown = () => {
    const single = selection.top === selection.bottom;
    const from = single ? selection.top - 1 : selection.top;
    if (from < 0) return;
    edit(
      selected()
        .filter((at) => at.row > from)
        .map((at) => ({ ...at, text: cell({ row: from, column: at.column }).text }))
        .filter((each) => each.text !== ""),
    );
  };
  const tab = (step: 1 | -1): boolean => {
    const next = nextEditable(active, step, size, (at) => cell(at).editable);
    if (next) go(next);
    return next !== null;
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (rows.length === 0) return;
    const ctrl = event.ctrlKey || event.metaKey;
    if (editing) {
      if (event.key === "Escape") {
        setEditing(null);
        wantsFocus.current = true;
      } else if (event.key === "Enter") {
        commit();
        go(clamp({ row: active.row + (event.shiftKey ? -1 : 1), column: active.column }, size));
      } else if (event.key === "Tab") {
        commit();
        if (!tab(event.shiftKey ? -1 : 1)) return;
      } else if (ctrl && event.key.toLowerCase() === "s") {
        commit();
        props.onSave();
      } else if (!editing.caret && !ctrl && event.key.startsWith("Arrow")) {
        commit();
        go(arrow(event.key, active, size, { ctrl: false, page: 1 }) ?? active);
      } else return;
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    const page = Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 0) - headHeight) / rowHeight) - 1);
    const to = event.altKey ? null : arrow(event.key, active, size, { ctrl, page });
    if (to) go(to, event.shiftKey);
    else if (event.key === "Enter" && !ctrl)
      go(clamp({ row: active.row + (event.shiftKey ? -1 : 1), column: active.column }, size));
    else if (event.key === "Tab") {
      if (!tab(event.shiftKey ? -1 : 1)) return;
    } else if (event.key === "F2") startEdit(cell(active).text, true);
    else if (event.key === "Escape") {
      if (wide) setAnchor(null);
      else props.onLeave();
    } else if (event.key === "Delete" || event.key === "Backspace") edit(selected().map((at) => ({ ...at, text: "" })));
    else if (ctrl && event.key.toLowerCase() === "d") fillDown();
    else if (ctrl && event.key.toLowerCase() === "a") {
      setAnchor({ row: 0, column: 0 });
      onActive({ row: size.rows - 1, column: size.columns - 1 });
    } else if (ctrl && event.key.toLowerCase() === "z" && !event.shiftKey) props.onUndo();
    else if (ctrl && (event.key.toLowerCase() === "y" || (event.key.toLowerCase() === "z" && event.shiftKey)))
      props.onRedo();
    else if (ctrl && (event.key.toLowerCase() === "s" || event.key === "Enter")) props.onSave();
    else if (event.key.length === 1 && !ctrl && !event.altKey && event.key !== " ") startEdit(event.key, false);
    else return;
    event.preventDefault();
  };

  const onPaste = (event: ClipboardEvent) => {
    const text = event.clipboardData.getData("text/plain");
    const block = parseBlock(text);
    // One value pasted while typing belongs to the field.
    if (editing && block.length === 1 && block[0]?.length === 1) return;
    event.preventDefault();
    setEditing(null);
    wantsFocus.current = true;
    const plan = planPaste(block, {
      rowNames: rows.map((row) => row.name),
      columnNames: columns.map((column) => column.names),
      active,
      selection,
    });
    props.onPasted?.(plan, edit(plan.placements));
  };
  const onCopy = (event: ClipboardEvent) => {
    if (editing) return;
    const lines: string[][] = [];
    for (let row = selection.top; row <= selection.bottom; row++) {
      const line: string[] = [];
      for (let column = selection.left; column <= selection.right; column++) line.push(cell({ row, column }).text);
      lines.push(line);
    }
    event.clipboardData.setData("text/plain", writeBlock(lines));
    event.preventDefault();
  };

  const place = (event: PointerEvent): Position | null => {
    const name = (event.target as HTMLElement).closest<HTMLElement>("[data-cell]")?.dataset.cell;
    if (!name) return null;
    const [row, column] = name.split(":").map(Number);
    return { row: row ?? 0, column: column ?? 0 };
  };
  const onPointerDown = (event: PointerEvent) => {
    const at = place(event);
    if (!at || event.button !== 0 || (editing && at.row === active.row && at.column === active.column)) return;
    tap.current = at.row === active.row && at.column === active.column;
    if (editing) commit();
    go(at, event.shiftKey);
  };
  // On glass there is no keyboard to begin with: the second tap opens the field.
  const tap = useRef(false);
  const onTap = () => {
    if (coarse && tap.current && !editing) startEdit(cell(active).text, true);
  };
  const onPointerMove = (event: PointerEvent) => {
    if (event.buttons !== 1 || editing || event.pointerType === "touch") return;
    const at = place(event);
    if (at && (at.row !== active.row || at.column !== active.column)) go(at, true);
  };

  const template = {
    gridTemplateColumns: `${props.rowHeadWidth}px ${columns.map((column) => `${column.width}px`).join(" ")} minmax(1rem, 1fr)`,
  };
  return (
    <div
      ref={scroller}
      className={cx("relative min-h-0 flex-1 overflow-auto overscroll-contain bg-surface", props.className)}
      style={{ scrollPaddingTop: headHeight, scrollPaddingLeft: props.rowHeadWidth }}
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
        onKeyDown={onKeyDown}
        onPaste={onPaste}
        onCopy={onCopy}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onClick={onTap}
        onDoubleClick={() => startEdit(cell(active).text, true)}
      >
        <div role="rowgroup" className="sticky top-0 z-20">
          <div
            role="row"
            aria-rowindex={1}
            className="grid border-b border-line-strong bg-canvas text-xs"
            style={{ ...template, height: headHeight }}
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
        <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => (
            <div
              key={item.key}
              role="row"
              aria-rowindex={item.index + 2}
              className="absolute inset-x-0 grid border-b border-line"
              style={{ ...template, height: rowHeight, top: item.start }}
            >
              <div
                role="rowheader"
                aria-colindex={1}
                className={cx(
                  "sticky left-0 z-10 flex min-w-0 items-center border-e border-line-strong px-3",
                  active.row === item.index ? "bg-selected" : "bg-surface",
                )}
              >
                {props.rowHead(item.index)}
              </div>
              {columns.map((column, index) => {
                const at = { row: item.index, column: index };
                const isActive = active.row === at.row && active.column === at.column;
                const view = cell(at);
                return (
                  <div
                    key={column.id}
                    role="gridcell"
                    aria-colindex={index + 2}
                    aria-selected={isActive || inside(selection, at)}
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
                      wide && inside(selection, at) && "bg-selected",
                      isActive && "z-[5] ring-2 ring-accent ring-inset",
                    )}
                  >
                    {isActive && editing ? (
                      <CellInput
                        text={editing.text}
                        caret={editing.caret}
                        label={`${rows[at.row]?.name ?? ""}, ${column.names[0] ?? ""}`}
                        listId={view.choices ? hintId : undefined}
                        choices={view.choices}
                        align={column.align}
                        onText={(text) => setEditing({ ...editing, text })}
                        onLeave={commit}
                      />
                    ) : (
                      (view.content ?? <span className="truncate">{view.text}</span>)
                    )}
                  </div>
                );
              })}
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}

function CellInput({
  text,
  caret,
  label,
  listId,
  choices,
  align,
  onText,
  onLeave,
}: {
  text: string;
  caret: boolean;
  label: string;
  listId?: string;
  choices?: readonly string[];
  align?: "end";
  onText: (text: string) => void;
  onLeave: () => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current?.focus();
    input.current?.setSelectionRange(text.length, text.length);
    // Once, when editing begins.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  return (
    <>
      <input
        ref={input}
        aria-label={label}
        list={listId}
        value={text}
        autoComplete="off"
        spellCheck={false}
        enterKeyHint="next"
        data-caret={caret || undefined}
        onChange={(event) => onText(event.target.value)}
        onBlur={onLeave}
        className={cx(
          "mono absolute inset-0 bg-surface px-2.5 ring-2 ring-accent outline-none ring-inset select-text",
          align === "end" && "text-end",
        )}
      />
      {choices && (
        <datalist id={listId}>
          {choices.map((choice) => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
        </datalist>
      )}
    </>
  );
}
