import { useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { CellEdit } from "@/grid/types";
import { type CellChange, History } from "@/grid/history";
import { type Desk, deskOf, needsAcknowledgement, serverText } from "./desk";
import type { DraftField, DraftStore } from "./drafts";
import { readValue } from "./value";
import { useDeskWords } from "./words";

const fields = ["value", "dilution_factor", "remark"] as const satisfies readonly DraftField[];

/** What is typed becomes a draft, can be taken back, and is read out. Cells are named "result id/field". */
export function useTyping(store: DraftStore, desks: ReadonlyMap<string, Desk>, onTyped: () => void) {
  const { t } = useLingui();
  const words = useDeskWords();
  const [history] = useState(() => new History(100));
  const [, redraw] = useState(0);
  const [spoken, setSpoken] = useState("");

  const apply = (edits: readonly { id: string; text: string | undefined }[]) =>
    store.set(
      edits.flatMap(({ id, text }) => {
        const [resultId, field] = id.split("/") as [string, DraftField];
        const result = desks.get(resultId)?.result;
        return result ? [{ resultId, field, text, version: result.version }] : [];
      }),
    );
  const edit = (edits: readonly CellEdit[]) => {
    const changes: CellChange[] = edits.flatMap(({ id, text }) => {
      const [resultId, field] = id.split("/") as [string, DraftField];
      const one = desks.get(resultId);
      if (!one) return [];
      const tidy =
        field === "value"
          ? readValue(text, one.result.test).text
          : field === "dilution_factor"
            ? text.trim().replace(",", ".")
            : text;
      const same = tidy === serverText(one.result, field);
      return [{ id, before: one.draft?.[field], after: same ? undefined : tidy }];
    });
    history.push(changes);
    onTyped();
    apply(changes.map(({ id, after }) => ({ id, text: after })));
    redraw((n) => n + 1);
    const last = changes.at(-1);
    const changed = last && desks.get(last.id.split("/")[0] ?? "");
    if (changed && last.after !== undefined && last.id.endsWith("/value")) {
      const next = deskOf(
        changed.result,
        { version: changed.result.version, ...changed.draft, value: last.after },
        false,
      );
      setSpoken(
        [
          next.result.test.name,
          next.reading.display,
          words.trouble(next),
          needsAcknowledgement(next)
            ? t`critical`
            : next.flags.includes("H")
              ? t`above the limit`
              : next.flags.includes("L")
                ? t`below the limit`
                : "",
        ]
          .filter(Boolean)
          .join(", "),
      );
    }
  };
  const step = (edits: readonly { id: string; text: string | undefined }[] | null) => {
    if (edits) apply(edits);
    redraw((n) => n + 1);
  };
  return {
    edit,
    undo: () => step(history.undo()),
    redo: () => step(history.redo()),
    canUndo: history.canUndo,
    canRedo: history.canRedo,
    /** Saved or discarded results cannot be taken back cell by cell. */
    forget: (resultIds: readonly string[]) =>
      history.forget(new Set(resultIds.flatMap((id) => fields.map((field) => `${id}/${field}`)))),
    /** The last cell as somebody who hears the page needs it. */
    spoken,
  };
}
