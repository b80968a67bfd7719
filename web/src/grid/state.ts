import { useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { usePreferences } from "@/session/preferences";
import { useMedia } from "@/ui/media";
import { nextEditable, type Position, rectangle } from "./position";
import type { CellEdit, GridProps } from "./types";

const rowHeights = { compact: 30, regular: 36, roomy: 48 };

/** Which cell is active, what is selected and typed, and what can be done with it: what keys, pointer and clipboard share. */
export function useGridState(props: GridProps, scroller: RefObject<HTMLDivElement | null>) {
  const { rows, columns, active, onActive, cell } = props;
  const size = { rows: rows.length, columns: columns.length };
  const { density } = usePreferences();
  const coarse = useMedia("(pointer: coarse)");
  const rowHeight = coarse ? 48 : rowHeights[density];
  const headHeight = props.headHeight ?? 56;
  const [anchor, setAnchor] = useState<Position | null>(null);
  const [editing, setEditing] = useState<{ text: string; caret: boolean } | null>(null);
  const wantsFocus = useRef(false);
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
  }, [active.row, active.column, scroller]);
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
  const stopEdit = () => {
    setEditing(null);
    wantsFocus.current = true;
  };
  return {
    size,
    coarse,
    rowHeight,
    headHeight,
    items,
    height: virtual.getTotalSize(),
    selection,
    /** More than the active cell is selected. */
    wide,
    selected,
    editing,
    setEditing,
    /** Rows that one press of Page Down moves. */
    page: () => Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 0) - headHeight) / rowHeight) - 1),
    go,
    /** To the next cell that can be typed into; false at the end of the table. */
    tab: (step: 1 | -1): boolean => {
      const next = nextEditable(active, step, size, (at) => cell(at).editable);
      if (next) go(next);
      return next !== null;
    },
    startEdit,
    /** What is typed stays. */
    commit: () => {
      if (editing && editing.text !== cell(active).text) edit([{ ...active, text: editing.text }]);
      stopEdit();
    },
    /** What is typed is given up. */
    stopEdit,
    /** Changes cells; says how many of them take nothing. */
    edit,
    fillDown,
    selectAll: () => {
      setAnchor({ row: 0, column: 0 });
      onActive({ row: size.rows - 1, column: size.columns - 1 });
    },
    unselect: () => setAnchor(null),
  };
}

export type GridState = ReturnType<typeof useGridState>;
