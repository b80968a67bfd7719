import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Check, CircleCheckBig, ClockAlert, Info, X } from "lucide-react";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import { useApiPages } from "@/api/queries";
import type { Result } from "@/api/types";
import type { PastePlan } from "@/grid/clipboard";
import { type CellEdit, type CellView, Grid, type GridColumn, type GridRow } from "@/grid/grid";
import { type CellChange, History } from "@/grid/history";
import { clamp, type Position } from "@/grid/position";
import { useMe } from "@/session/session";
import { useTime } from "@/session/time";
import { Button, IconButton } from "@/ui/button";
import { cx } from "@/ui/cx";
import { Dialog } from "@/ui/dialog";
import { useMedia } from "@/ui/media";
import { ErrorState, Skeleton, StateMessage } from "@/ui/states";
import { BeforeSaving } from "./before-saving";
import { ValueCell, valueCellClass } from "./cell";
import { type Desk, deskOf, itemOf, needsAcknowledgement, sendable, serverText } from "./desk";
import { type DraftField, type DraftStore, draftStoreOf, useDrafts } from "./drafts";
import { Inspector } from "./inspector";
import { limitText } from "./marks";
import { useOutbox } from "./outbox";
import { SaveBar } from "./save-bar";
import { readValue } from "./value";
import { useDeskWords } from "./words";
import type { WorklistSearch } from "./search";
import { pivot, statusOf } from "./worklist";

/** Results one list is read up to; beyond it the filters are the better way. */
const MOST = 2000;

/** The result desk: a work list as a table to type into. */
export function ResultEntry({ search }: { search: WorklistSearch }) {
  const { t } = useLingui();
  const me = useMe();
  const store = draftStoreOf(me.laboratory.id, me.id);
  const pages = useApiPages(
    "GET /results",
    {
      query: {
        status: statusOf(search),
        test_id: search.test_id,
        sample_id: search.sample_id,
        q: search.q,
        sort: "created_at",
        include: "previous",
      },
    },
    200,
  );
  const { rows: results, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = pages;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError && results.length < MOST) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, results.length, fetchNextPage]);

  if (pages.error && results.length === 0)
    return <ErrorState error={pages.error} onRetry={() => void pages.refetch()} className="border-t border-line" />;
  if (pages.isPending)
    return (
      <div aria-busy className="flex flex-1 flex-col gap-2 border-t border-line bg-surface p-4">
        {Array.from({ length: 10 }, (_, index) => (
          <Skeleton key={index} className="h-7 w-full" />
        ))}
      </div>
    );
  if (results.length === 0)
    return (
      <>
        <StateMessage
          className="flex-1 border-t border-line bg-surface"
          icon={<CircleCheckBig />}
          title={
            search.q || search.test_id || search.sample_id
              ? t`No result matches these filters`
              : search.show === "entered"
                ? t`Nothing waits to be verified`
                : t`Every result has been entered`
          }
        >
          {search.show === undefined && <Trans>Samples appear here once they are received.</Trans>}
          <LastSaved store={store} />
        </StateMessage>
        <ElsewhereDrafts store={store} here={[]} />
      </>
    );
  // Another list starts with its own undo steps and its own active cell.
  return (
    <ResultDesk
      key={`${search.layout}/${statusOf(search)}/${search.test_id}/${search.sample_id}/${search.q}`}
      results={results}
      list={search.layout === "list"}
      store={store}
      more={hasNextPage && results.length >= MOST}
    />
  );
}

interface Field {
  result: Result;
  field: DraftField | "unit" | "limits" | "previous";
}

function ResultDesk({
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
  const [history] = useState(() => new History(100));
  const [, redraw] = useState(0);
  const [seek, setSeek] = useState(0);
  const [asking, setAsking] = useState<"save" | "discard" | null>(null);
  const [note, setNote] = useState<ReactNode>(null);
  const [spoken, setSpoken] = useState("");
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
    setNote(null);
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
  const undo = () => step(history.undo());
  const redo = () => step(history.redo());

  const send = (why: { reason: string; reason_code: string } | null) => {
    setAsking(null);
    const items = ready.map((each) => itemOf(each, why));
    history.forget(
      new Set(
        items.flatMap((item) =>
          (["value", "dilution_factor", "remark"] as const).map((field) => `${item.result_id}/${field}`),
        ),
      ),
    );
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
    store.discard(typed.map((each) => each.result.id));
    history.forget(
      new Set(
        typed.flatMap((each) =>
          (["value", "dilution_factor", "remark"] as const).map((field) => `${each.result.id}/${field}`),
        ),
      ),
    );
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
  const onPasted = (plan: PastePlan, refused: number) => {
    const inside = plan.placements.length - refused;
    const lost = refused + plan.outside;
    setNote(
      <>
        <Plural value={inside} one="# value pasted" other="# values pasted" />
        {plan.by === "name" && <Trans>, matched by accession number</Trans>}
        {lost > 0 && (
          <span className="font-medium">
            .{" "}
            <Plural
              value={lost}
              one="# did not fit anywhere and was left out."
              other="# did not fit anywhere and were left out."
            />
          </span>
        )}
      </>,
    );
  };
  const setField = (one: Desk, field: DraftField, text: string) => edit([{ id: `${one.result.id}/${field}`, text }]);

  const cell = (at: Position): CellView => {
    const here = sheet.at(at);
    const one = here && desks.get(here.result.id);
    if (!here || !one) return { id: null, text: "", editable: false, className: "bg-sunken" };
    const { field } = here;
    if (field === "unit") return { id: null, text: one.result.unit, editable: false };
    if (field === "limits")
      return { id: null, text: limitText(one.result.limits) ?? "", editable: false, className: "mono text-muted" };
    if (field === "previous")
      return {
        id: null,
        text: one.result.previous?.display ?? one.result.previous?.value ?? "",
        editable: false,
        className: "mono text-muted",
      };
    const id = `${one.result.id}/${field}`;
    if (field === "value")
      return {
        id,
        text: one.value,
        content: <ValueCell desk={one} />,
        editable: !one.travelling,
        invalid: Boolean(one.draft && one.trouble && one.trouble !== "empty"),
        className: valueCellClass(one),
        choices: one.result.test.result_type === "coded" ? (one.result.test.codes ?? []) : undefined,
      };
    return {
      id,
      text: field === "remark" ? one.remark : one.dilution,
      editable: !one.travelling,
      className: one.draft?.[field] === undefined ? "" : "font-semibold",
    };
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
          rowHeadWidth={narrow ? 160 : list ? 280 : 192}
          rowHead={sheet.head}
          headHeight={list ? 36 : 80}
          cell={cell}
          active={place}
          seek={seek}
          onActive={setActive}
          onEdit={edit}
          onPasted={onPasted}
          onUndo={undo}
          onRedo={redo}
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
        {spoken}
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
        canUndo={history.canUndo}
        canRedo={history.canRedo}
        onUndo={undo}
        onRedo={redo}
        onSave={save}
        onDiscard={() => setAsking("discard")}
        onNextTrouble={nextTrouble}
        onRetry={flush}
      />
      {asking === "save" && <BeforeSaving desks={ready} onClose={() => setAsking(null)} onSave={send} />}
      <Dialog
        open={asking === "discard"}
        onClose={() => setAsking(null)}
        title={t`Discard what is typed?`}
        footer={
          <>
            <Button onClick={() => setAsking(null)}>
              <Trans>Keep it</Trans>
            </Button>
            <Button tone="danger" onClick={discard}>
              <Trans>Discard</Trans>
            </Button>
          </>
        }
      >
        <p>
          <Plural
            value={typed.length}
            one="# typed result was never saved and will be gone."
            other="# typed results were never saved and will be gone."
          />
        </p>
      </Dialog>
    </div>
  );
}

/** What was saved last is still said when it was the last of its list. */
function LastSaved({ store }: { store: DraftStore }) {
  useDrafts(store);
  const time = useTime();
  if (!store.lastSaved) return null;
  return (
    <span role="status" className="mt-2 flex items-center justify-center gap-1.5 text-green">
      <Check aria-hidden className="size-4 shrink-0" />
      <Plural value={store.lastSaved.count} one="# result saved" other="# results saved" />,{" "}
      {time.dateTime(store.lastSaved.at).slice(11)}
    </span>
  );
}

/** Drafts of results that this list does not show: said, so that nobody wonders where they went. */
function ElsewhereDrafts({ store, here }: { store: DraftStore; here: readonly Result[] }) {
  const { drafts } = useDrafts(store);
  const shown = new Set(here.map((each) => each.id));
  const others = Object.keys(drafts).filter((id) => !shown.has(id));
  if (others.length === 0) return null;
  return (
    <p className="flex flex-wrap items-center gap-x-3 border-t border-line bg-amber-tint px-4 py-1.5 text-amber sm:px-6">
      <Plural
        value={others.length}
        one="# typed result is not in this list. It is kept; take the filters away to see it."
        other="# typed results are not in this list. They are kept; take the filters away to see them."
      />
      <button type="button" className="min-h-6 font-medium underline" onClick={() => store.discard(others)}>
        <Trans>Discard them</Trans>
      </button>
    </p>
  );
}

/** The inspector's gist where there is no room beside the table. */
function Strip({ desk, trouble }: { desk: Desk; trouble: string | null }) {
  const limits = limitText(desk.result.limits);
  return (
    <div className="flex flex-wrap gap-x-4 gap-y-0.5 border-t border-line bg-canvas px-4 py-2 text-xs sm:px-6">
      <span className="font-medium">{desk.result.test.name}</span>
      {limits && (
        <span className="text-muted">
          <Trans>Limit {limits}</Trans> {desk.result.unit}
        </span>
      )}
      <span className="text-muted">
        <Trans>Previously {desk.result.previous?.display ?? desk.result.previous?.value ?? "–"}</Trans>
      </span>
      {trouble && <span className="text-red">{trouble}</span>}
    </div>
  );
}

/** Rows and columns of the table, and what each place of it holds. */
function useSheet(results: readonly Result[], list: boolean) {
  const { t } = useLingui();
  return useMemo(() => {
    if (list) {
      const oneTest = new Set(results.map((each) => each.test.id)).size === 1;
      const rows: GridRow[] = results.map((each) => ({
        id: each.id,
        name: oneTest ? each.sample.accession_number : `${each.sample.accession_number} ${each.test.code}`,
      }));
      const column = (id: Field["field"], header: string, width: number, align?: "end"): GridColumn => ({
        id,
        names: [header],
        header: <span className="truncate font-medium">{header}</span>,
        width,
        align,
      });
      const columns = [
        column("value", t`Result`, 150, "end"),
        column("unit", t`Unit`, 104),
        column("limits", t`Limits`, 130),
        column("previous", t`Previous`, 104, "end"),
        column("dilution_factor", t`Dilution`, 96, "end"),
        column("remark", t`Remark`, 260),
      ];
      const at = ({ row, column: index }: Position): Field | null => {
        const result = results[row];
        const field = columns[index]?.id as Field["field"] | undefined;
        return result && field ? { result, field } : null;
      };
      const places = results.map((result, row) => ({ result, at: { row, column: 0 } }));
      const head = (row: number) => <SampleHead result={results[row]} test={!oneTest} />;
      return { rows, columns, at, places, head };
    }
    const table = pivot(results);
    const rows: GridRow[] = table.rows.map((each) => ({ id: each.id, name: each.sample.accession_number }));
    const columns: GridColumn[] = table.columns.map(({ test, limits, limitsDiffer }) => ({
      id: test.id,
      names: [test.code, test.name, test.analyte],
      width: 148,
      align: "end",
      header: (
        <>
          <span className="line-clamp-2 max-w-full font-medium text-ink" title={`${test.name} · ${test.method}`}>
            {test.name}
          </span>
          <span className="max-w-full truncate text-muted">{test.unit}</span>
          <span className="mono max-w-full truncate text-muted">
            {limits ?? (limitsDiffer ? t`limits differ` : "–")}
          </span>
        </>
      ),
    }));
    const at = ({ row, column }: Position): Field | null => {
      const test = table.columns[column]?.test.id;
      const result = test === undefined ? undefined : table.rows[row]?.results.get(test);
      return result ? { result, field: "value" } : null;
    };
    const places = table.rows.flatMap((line, row) =>
      table.columns.flatMap(({ test }, column) => {
        const result = line.results.get(test.id);
        return result ? [{ result, at: { row, column } }] : [];
      }),
    );
    const head = (row: number) => (
      <SampleHead
        result={[...(table.rows[row]?.results.values() ?? [])][0]}
        late={[...(table.rows[row]?.results.values() ?? [])].some((each) => each.hold_time?.exceeded)}
      />
    );
    return { rows, columns, at, places, head };
  }, [results, list, t]);
}

function SampleHead({ result, test, late }: { result: Result | undefined; test?: boolean; late?: boolean }) {
  const { t } = useLingui();
  if (!result) return null;
  return (
    <span
      className={cx(
        "flex min-w-0 flex-1 gap-x-2",
        test ? "flex-col leading-4 sm:flex-row sm:items-center sm:leading-5" : "items-center",
      )}
    >
      <Link
        to="/samples/$id"
        params={{ id: result.sample.id }}
        tabIndex={-1}
        className="mono shrink-0 font-medium hover:text-accent hover:underline"
      >
        {result.sample.accession_number}
      </Link>
      {(late || (test !== undefined && result.hold_time?.exceeded)) && (
        <ClockAlert role="img" aria-label={t`Holding time exceeded`} className="size-3.5 shrink-0 text-amber" />
      )}
      {test && (
        <span className="truncate text-xs text-muted" title={result.test.name}>
          {result.test.name}
        </span>
      )}
    </span>
  );
}
