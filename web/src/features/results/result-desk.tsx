import { Trans, useLingui } from "@lingui/react/macro";
import { Info, X } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import type { Result } from "@/api/types";
import { Grid } from "@/grid/grid";
import { clamp, type Position } from "@/grid/position";
import type { CellView } from "@/grid/types";
import { IconButton } from "@/ui/button";
import { useMedia } from "@/ui/media";
import { BeforeSaving } from "./before-saving";
import { type Desk, deskOf, itemOf, needsAcknowledgement, sendable } from "./desk";
import { ElsewhereDrafts, PastedNote, Strip } from "./desk-lines";
import { DiscardDialog } from "./discard-dialog";
import { type DraftField, type DraftStore, useDrafts } from "./drafts";
import { Inspector } from "./inspector";
import { useOutbox } from "./outbox";
import { SaveBar } from "./save-bar";
import { useSheet } from "./sheet";
import { useTyping } from "./typing";
import { viewOf } from "./view";
import { useDeskWords } from "./words";

/** Results one list is read up to; beyond it the filters are the better way. */
export const MOST = 2000;

/** The table to type into, with the active cell explained beside it and the way to save below. */
export function ResultDesk({
  results,
  list,
  store,
  more,
}: {
  results: readonly Result[];
  list: boolean;
  store: DraftStore;
  more: boolean;
}) {
  const { t } = useLingui();
  const words = useDeskWords();
  const { drafts, outbox } = useDrafts(store);
  const { state, flush } = useOutbox(store);
  const [active, setActive] = useState<Position | null>(null);
  const [seek, setSeek] = useState(0);
  const [asking, setAsking] = useState<"save" | "discard" | null>(null);
  const [note, setNote] = useState<ReactNode>(null);
  const side = useMedia("(min-width: 80rem)");
  const narrow = useMedia("(max-width: 47.99rem)");

  const travelling = useMemo(
    () => new Set(outbox.flatMap((batch) => batch.items.map((item) => item.result_id))),
    [outbox],
  );
  const desks = useMemo(
    () => new Map(results.map((result) => [result.id, deskOf(result, drafts[result.id], travelling.has(result.id))])),
    [results, drafts, travelling],
  );
  const sheet = useSheet(results, list);
  // The first cell that can be typed into, until the person goes elsewhere.
  const place = clamp(active ?? sheet.places[0]?.at ?? { row: 0, column: 0 }, {
    rows: sheet.rows.length,
    columns: sheet.columns.length,
  });
  const fieldAt = sheet.at(place);
  const desk = fieldAt ? (desks.get(fieldAt.result.id) ?? null) : null;

  const typed = [...desks.values()].filter((each) => each.draft && !each.travelling);
  const ready = typed.filter(sendable);
  const troubled = typed.filter((each) => each.trouble !== null);

  const typing = useTyping(store, desks, () => setNote(null));

  const send = (why: { reason: string; reason_code: string } | null) => {
    setAsking(null);
    const items = ready.map((each) => itemOf(each, why));
    typing.forget(items.map((item) => item.result_id));
    for (let from = 0; from < items.length; from += 100)
      store.send({ key: crypto.randomUUID(), at: Date.now(), items: items.slice(from, from + 100) });
    flush();
  };
  const save = () => {
    if (ready.length === 0) return;
    if (ready.some((each) => needsAcknowledgement(each) || each.correction)) setAsking("save");
    else send(null);
  };
  const discard = () => {
    const gone = typed.map((each) => each.result.id);
    store.discard(gone);
    typing.forget(gone);
    setAsking(null);
  };
  const nextTrouble = () => {
    const places = sheet.places.filter(({ result }) => desks.get(result.id)?.trouble && desks.get(result.id)?.draft);
    const after =
      places.find(({ at }) => at.row > place.row || (at.row === place.row && at.column > place.column)) ?? places[0];
    if (!after) return;
    setActive(after.at);
    setSeek((n) => n + 1);
  };
  const setField = (one: Desk, field: DraftField, text: string) =>
    typing.edit([{ id: `${one.result.id}/${field}`, text }]);

  const cell = (at: Position): CellView => {
    const here = sheet.at(at);
    const one = here && desks.get(here.result.id);
    if (!here || !one) return { id: null, text: "", editable: false, className: "bg-sunken" };
    return viewOf(one, here.field);
  };
  const inspector = (
    <Inspector
      desk={desk}
      inColumns={list}
      onField={setField}
      onKeepMine={(one) => store.adopt(one.result.id, one.result.version)}
      onTakeTheirs={(one) => store.discard([one.result.id])}
    />
  );
  return (
    <div className="flex min-h-0 flex-1 flex-col border-t border-line">
      {note && (
        <div role="status" className="flex items-center gap-2 bg-accent-tint px-4 py-1 text-accent-strong sm:px-6">
          <Info aria-hidden className="size-4 shrink-0" />
          <span className="flex-1">{note}</span>
          <IconButton label={t`Close`} icon={<X />} onClick={() => setNote(null)} />
        </div>
      )}
      <div className="flex min-h-0 flex-1">
        <Grid
          label={t`Results to enter`}
          describedBy="grid-keys"
          rows={sheet.rows}
          columns={sheet.columns}
          corner={<Trans>Sample</Trans>}
          rowHeadWidth={narrow ? 172 : list ? 280 : 192}
          rowHead={sheet.head}
          headHeight={list ? 36 : 80}
          cell={cell}
          active={place}
          seek={seek}
          onActive={setActive}
          onEdit={typing.edit}
          onPasted={(plan, refused) => setNote(<PastedNote plan={plan} refused={refused} />)}
          onUndo={typing.undo}
          onRedo={typing.redo}
          onSave={save}
          onLeave={() => document.getElementById("save-results")?.focus()}
        />
        {side && (
          <aside
            aria-label={t`Active cell`}
            className="relative w-72 shrink-0 overflow-y-auto border-s border-line bg-canvas"
          >
            {inspector}
          </aside>
        )}
      </div>
      {!side && desk && <Strip desk={desk} trouble={words.trouble(desk)} />}
      {more && (
        <p className="border-t border-line px-4 py-2 text-muted sm:px-6">
          <Trans>The first {MOST} results are shown. Choose a test or search to see the others.</Trans>
        </p>
      )}
      <ElsewhereDrafts store={store} here={results} />
      <p id="grid-keys" className="sr-only">
        <Trans>
          Type to replace, F2 to change, Enter down, Tab to the next field, Ctrl+D fills down, Ctrl+Z takes back, Ctrl+S
          saves, Escape leaves the table.
        </Trans>
      </p>
      <p className="sr-only" aria-live="polite">
        {typing.spoken}
      </p>
      <SaveBar
        typed={typed.length}
        ready={ready.length}
        trouble={troubled.length}
        critical={typed.filter(needsAcknowledgement).length}
        travelling={travelling.size}
        state={state}
        durable={store.durable}
        lastSaved={store.lastSaved}
        canUndo={typing.canUndo}
        canRedo={typing.canRedo}
        onUndo={typing.undo}
        onRedo={typing.redo}
        onSave={save}
        onDiscard={() => setAsking("discard")}
        onNextTrouble={nextTrouble}
        onRetry={flush}
      />
      {asking === "save" && <BeforeSaving desks={ready} onClose={() => setAsking(null)} onSave={send} />}
      <DiscardDialog
        open={asking === "discard"}
        count={typed.length}
        onDiscard={discard}
        onClose={() => setAsking(null)}
      />
    </div>
  );
}
