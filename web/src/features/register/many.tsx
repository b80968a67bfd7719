import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { CircleCheckBig, PackageCheck, Plus, X } from "lucide-react";
import { type ClipboardEvent, type KeyboardEvent, useRef, useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct, useApi } from "@/api/queries";
import type { Priority, SampleSummary } from "@/api/types";
import type { Order } from "@/api/types-orders";
import { SampleTypePicker, TestsPicker } from "@/features/pickers/pickers";
import { sampleLink } from "@/features/samples/whose";
import { useDraft } from "@/session/draft";
import { useMay, useMe } from "@/session/session";
import { useTime } from "@/session/time";
import { Button, ButtonLink, IconButton } from "@/ui/button";
import { cx } from "@/ui/cx";
import { ChoiceField, Field, TextField } from "@/ui/field";
import { Card } from "@/ui/page";
import { ActError } from "@/ui/states";
import {
  type BatchColumn,
  batchColumns,
  type BatchHead,
  batchLimit,
  type BatchRow,
  type CellError,
  emptyRow,
  isEmptyRow,
  pasteInto,
  resolveBatch,
} from "./batch";
import { JudgedField } from "./judged";
import { DraftNotice } from "./one";
import { WhoseField, type WhoseValue } from "./whose-field";

interface Form extends WhoseValue, BatchHead {
  requester: string;
  externalId: string;
  priority: Priority;
  rows: BatchRow[];
}
/** What is registered, of an order or of a batch without one. */
type Registered = Pick<SampleSummary, "id" | "accession_number" | "client_reference" | "sample_type">;

const fiveRows = () => Array.from({ length: 5 }, emptyRow);

/**
 * Registers an order: many samples of one client or patient at once; a table can be pasted from a spreadsheet. Who may not place
 * orders registers the same samples one by one in one go.
 */
export function RegisterMany() {
  const { t } = useLingui();
  const medical = useMe().laboratory.kind === "medical";
  const time = useTime();
  const may = useMay();
  const order = useAct("POST /orders");
  const batch = useAct("POST /samples/batch");
  const ordering = may("order:create");
  const act = ordering ? order : batch;
  const types = useApi("GET /sample-types", { query: { active: true, limit: 200 } });
  const tests = useApi("GET /tests", { query: { active: true, limit: 200 } });
  const panels = useApi("GET /panels", { query: { active: true, limit: 200 } });
  const draft = useDraft<Form>("register.many", {
    whose: medical ? "patient" : "client",
    client: null,
    patient: null,
    sampleType: null,
    tests: [],
    specification: null,
    requester: "",
    externalId: "",
    priority: "routine",
    rows: fiveRows(),
  });
  const { value: form, set } = draft;
  const [tried, setTried] = useState(false);
  const [done, setDone] = useState<{ samples: readonly Registered[]; order: Order | null } | null>(null);

  const head = {
    ...form,
    client: form.whose === "client" ? form.client : null,
    patient: form.whose === "patient" ? form.patient : null,
  };
  const { items, errors, rowOf } = resolveBatch(form.rows, head, {
    types: types.data?.items ?? [],
    tests: tests.data?.items ?? [],
    panels: panels.data?.items ?? [],
    toInstant: time.toInstant,
  });
  const server = (path: string) => (isProblem(act.error) ? act.error.field(path) : undefined);
  const whoseMissing = !head.client && !head.patient;
  const serverErrors = new Map<string, string>();
  if (isProblem(act.error))
    for (const each of act.error.fields) {
      const match = /^(?:items|samples)\.(\d+)\.(\w+)/.exec(each.path);
      if (match) serverErrors.set(`${rowOf[Number(match[1])] ?? -1}.${columnOf(match[2] ?? "")}`, each.message);
    }

  const send = () => {
    setTried(true);
    if (whoseMissing || errors.size > 0 || items.length === 0) return;
    const finish = (samples: readonly Registered[], made: Order | null) => {
      setDone({ samples, order: made });
      setTried(false);
      draft.clear({ whose: form.whose });
    };
    const text = (value: string) => value.trim() || undefined;
    if (ordering)
      order.mutate(
        {
          body: {
            client_id: head.client?.id,
            patient_id: head.patient?.id,
            requester: text(form.requester),
            external_id: text(form.externalId),
            priority: form.priority,
            // Whose they are stands on the order and may not be said again.
            samples: items.map(({ client_id: _client, patient_id: _patient, ...sample }) => sample),
          },
        },
        { onSuccess: (made) => finish(made.samples, made) },
      );
    else
      batch.mutate(
        { body: { items: items.map((item) => ({ ...item, priority: form.priority })) } },
        { onSuccess: (answer) => finish(answer.items, null) },
      );
  };
  if (done) return <Done {...done} onMore={() => setDone(null)} />;
  return (
    <div className="flex flex-col gap-4">
      {draft.kept && <DraftNotice onClear={() => draft.clear({ whose: form.whose })} />}
      <Card id="shared" title={t`What they share`}>
        <div className="grid items-start gap-4 md:grid-cols-3">
          <WhoseField
            value={form}
            onChange={set}
            error={tried && whoseMissing ? t`Choose for whom they are.` : undefined}
          />
          <Field label={medical ? t`Specimen type` : t`Sample type`} hint={t`For rows that name none.`}>
            {(control) => (
              <SampleTypePicker
                control={control}
                value={form.sampleType}
                onChange={(sampleType) => set({ sampleType })}
              />
            )}
          </Field>
          <Field label={t`Tests and panels`} hint={t`For rows that name none.`}>
            {(control) => (
              <TestsPicker control={control} value={form.tests} onChange={(chosen) => set({ tests: chosen })} />
            )}
          </Field>
          {ordering && (
            <>
              <TextField
                label={t`Requester`}
                hint={t`Who asks for it: a doctor, an engineer.`}
                value={form.requester}
                onChange={(event) => set({ requester: event.target.value })}
                error={server("requester")}
              />
              <TextField
                label={t`External number`}
                hint={t`Their own number of this order.`}
                mono
                value={form.externalId}
                onChange={(event) => set({ externalId: event.target.value })}
                error={server("external_id")}
              />
            </>
          )}
          <ChoiceField
            label={t`Priority`}
            value={form.priority}
            onChange={(priority) => set({ priority })}
            options={[
              { value: "routine", label: t`Routine` },
              { value: "urgent", label: t`Urgent` },
              { value: "stat", label: t`Stat` },
            ]}
          />
          <div className="md:col-span-3">
            <JudgedField
              value={form.specification}
              onChange={(specification) => set({ specification })}
              error={server("specification_id")}
              whole={head}
            />
          </div>
        </div>
      </Card>
      <Card
        id="rows"
        flush
        title={t`Samples`}
        actions={
          <span className="text-xs text-muted">
            <Trans>Paste a table from a spreadsheet into any cell. A first line of column names is understood.</Trans>
          </span>
        }
      >
        <BatchTable
          rows={form.rows}
          onChange={(rows) => set({ rows })}
          errors={tried ? errors : new Map()}
          serverErrors={serverErrors}
        />
      </Card>
      <ActError beside error={act.error} />
      <div className="flex flex-wrap items-center justify-end gap-3">
        <p className="text-muted" aria-live="polite">
          {tried && errors.size > 0 ? (
            <span className="text-red">
              <Plural value={errors.size} one="# cell needs attention" other="# cells need attention" />
            </span>
          ) : (
            <Plural value={items.length} one="# sample" other="# samples" />
          )}
        </p>
        <Button
          tone="primary"
          busy={act.isPending}
          onClick={send}
          disabledReason={items.length === 0 ? t`Fill in at least one row.` : undefined}
        >
          <Trans>Register all</Trans>
        </Button>
      </div>
    </div>
  );
}

function columnOf(field: string): BatchColumn {
  if (field === "sample_type_id") return "sample_type";
  if (field === "test_ids" || field === "panel_ids") return "tests";
  return batchColumns.find((each) => each === field) ?? "client_reference";
}

function BatchTable({
  rows,
  onChange,
  errors,
  serverErrors,
}: {
  rows: BatchRow[];
  onChange: (rows: BatchRow[]) => void;
  errors: ReadonlyMap<string, CellError>;
  serverErrors: ReadonlyMap<string, string>;
}) {
  const { t } = useLingui();
  const medical = useMe().laboratory.kind === "medical";
  const table = useRef<HTMLTableElement>(null);
  const names: Record<BatchColumn, string> = {
    client_reference: medical ? t`Requester's number` : t`Client's reference`,
    sample_type: medical ? t`Specimen type` : t`Sample type`,
    collected_at: t`Collected`,
    collected_by: t`Collected by`,
    collection_place: t`Place`,
    tests: t`Tests (codes)`,
    remark: t`Remark`,
  };
  const examples: Partial<Record<BatchColumn, string>> = { collected_at: "2026-11-22 08:50", tests: "PB; NO3" };
  const texts: Record<CellError, string> = {
    required: t`Needed.`,
    unknown: t`Not in the catalogue.`,
    time: t`Not a time; write 2026-11-22 08:50.`,
    future: t`Lies in the future.`,
    noTests: t`No test, here or above.`,
  };
  const setCell = (index: number, column: BatchColumn, value: string) =>
    onChange(rows.map((row, at) => (at === index ? { ...row, [column]: value } : row)));
  const onPaste = (event: ClipboardEvent, row: number, column: number) => {
    const text = event.clipboardData.getData("text/plain");
    if (!/[\t\n;]/.test(text.trim())) return;
    event.preventDefault();
    onChange(pasteInto(rows, text, row, column));
  };
  const onKey = (event: KeyboardEvent, row: number, column: number) => {
    const step = event.key === "Enter" || event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    if (row + step >= rows.length && event.key === "Enter" && rows.length < batchLimit) onChange([...rows, emptyRow()]);
    requestAnimationFrame(() =>
      table.current?.querySelector<HTMLInputElement>(`[data-cell="${row + step}.${column}"]`)?.focus(),
    );
  };
  return (
    <>
      <div className="overflow-x-auto">
        <table ref={table} className="w-full min-w-[68rem] table-fixed border-collapse">
          <caption className="sr-only">{t`Samples to register`}</caption>
          <thead>
            <tr className="border-b border-line text-xs text-muted">
              <th scope="col" className="w-12 py-2 font-medium">
                <span className="sr-only">{t`Row`}</span>
              </th>
              {batchColumns.map((column) => (
                <th key={column} scope="col" className="px-2 py-2 text-start font-medium">
                  {names[column]}
                </th>
              ))}
              <th className="w-11">
                <span className="sr-only">{t`Remove`}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              // Rows have no identity but their place.
              // oxlint-disable-next-line react/no-array-index-key
              <tr key={index} className="border-b border-line">
                <td className="text-center text-xs text-muted">{index + 1}</td>
                {batchColumns.map((column, at) => {
                  const error = errors.get(`${index}.${column}`);
                  const message = (error && texts[error]) ?? serverErrors.get(`${index}.${column}`);
                  return (
                    <td key={column} className="border-s border-line p-0 align-top">
                      <input
                        data-cell={`${index}.${at}`}
                        aria-label={t`${names[column]}, row ${index + 1}`}
                        aria-invalid={message ? true : undefined}
                        aria-describedby={message ? `cell-${index}-${column}` : undefined}
                        placeholder={index === 0 ? examples[column] : undefined}
                        value={row[column]}
                        onChange={(event) => setCell(index, column, event.target.value)}
                        onPaste={(event) => onPaste(event, index, at)}
                        onKeyDown={(event) => onKey(event, index, at)}
                        className={cx(
                          "h-[var(--row)] w-full bg-transparent px-2 focus-visible:outline-2 focus-visible:-outline-offset-2",
                          column === "client_reference" && "mono",
                          message && "bg-red-tint",
                        )}
                      />
                      {message && (
                        <p id={`cell-${index}-${column}`} className="px-2 pb-1 text-2xs text-red">
                          {message}
                        </p>
                      )}
                    </td>
                  );
                })}
                <td className="border-s border-line text-center">
                  {!isEmptyRow(row) && (
                    <IconButton
                      label={t`Remove row ${index + 1}`}
                      icon={<X className="text-muted" />}
                      className="min-h-7! min-w-7!"
                      onClick={() => onChange(rows.filter((_, each) => each !== index))}
                    />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="flex items-center gap-3 px-3 py-2">
        <Button
          tone="ghost"
          icon={<Plus />}
          onClick={() => onChange([...rows, ...fiveRows()].slice(0, batchLimit))}
          disabledReason={rows.length >= batchLimit ? t`At most ${batchLimit} at once.` : undefined}
        >
          <Trans>Five more rows</Trans>
        </Button>
      </div>
    </>
  );
}

function Done({ samples, order, onMore }: { samples: readonly Registered[]; order: Order | null; onMore: () => void }) {
  const { t } = useLingui();
  const may = useMay();
  return (
    <Card id="done" flush title={t`Registered`}>
      <div className="flex flex-wrap items-center gap-3 border-b border-line px-4 py-3">
        <CircleCheckBig aria-hidden className="size-5 text-green" />
        <p role="status" className="flex-1 font-medium">
          <Plural value={samples.length} one="# sample is registered." other="# samples are registered." />
          {order && (
            <>
              {" "}
              <Trans>
                Order{" "}
                <Link to="/orders/$id" params={{ id: order.id }} className="mono text-accent hover:underline">
                  {order.number}
                </Link>
              </Trans>
            </>
          )}
        </p>
        <Button onClick={onMore}>
          <Trans>Register more</Trans>
        </Button>
        {may("sample:receive") && (
          <ButtonLink
            to="/samples/receive"
            search={{ ids: samples.map((each) => each.id).join(",") }}
            tone="primary"
            icon={<PackageCheck />}
          >
            <Trans>Receive them now</Trans>
          </ButtonLink>
        )}
      </div>
      <ul className="grid sm:grid-cols-2 xl:grid-cols-3">
        {samples.map((sample) => (
          <li key={sample.id} className="flex items-center gap-3 border-b border-line px-4 py-2">
            <Link {...sampleLink(sample.id)} className="mono font-medium text-accent hover:underline">
              {sample.accession_number}
            </Link>
            <span className="min-w-0 truncate text-muted">
              {[sample.client_reference, sample.sample_type.name].filter(Boolean).join(" · ")}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
