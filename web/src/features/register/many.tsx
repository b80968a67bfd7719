import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct, useApi } from "@/api/queries";
import type { Priority } from "@/api/types";
import type { Order } from "@/api/types-orders";
import { SampleTypePicker, TestsPicker } from "@/features/pickers/pickers";
import { useDraft } from "@/session/draft";
import { useMay, useMe } from "@/session/session";
import { useTime } from "@/session/time";
import { Button } from "@/ui/button";
import { ChoiceField, Field, TextField } from "@/ui/field";
import { Card } from "@/ui/page";
import { ActError } from "@/ui/states";
import { type BatchColumn, batchColumns, type BatchHead, type BatchRow, resolveBatch } from "./batch";
import { BatchTable, fiveRows } from "./batch-table";
import { JudgedField } from "./judged";
import { DraftNotice } from "./one";
import { type Registered, RegisteredCard } from "./registered";
import { WhoseField, type WhoseValue } from "./whose-field";

interface Form extends WhoseValue, BatchHead {
  requester: string;
  externalId: string;
  priority: Priority;
  rows: BatchRow[];
}
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
  if (done) return <RegisteredCard {...done} onMore={() => setDone(null)} />;
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

/** Where what the server says of a field is shown. */
function columnOf(field: string): BatchColumn {
  if (field === "sample_type_id") return "sample_type";
  if (field === "test_ids" || field === "panel_ids") return "tests";
  return batchColumns.find((each) => each === field) ?? "client_reference";
}
