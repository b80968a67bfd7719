import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { call } from "@/api/client";
import { isProblem } from "@/api/problems";
import { useAct } from "@/api/queries";
import type { Priority, Sample } from "@/api/types";
import type { SampleChange } from "@/api/types-orders";
import { parseWhen } from "@/features/register/paste";
import { useMe } from "@/session/session";
import { useTime } from "@/session/time";
import { ActDialog, ReasonField } from "@/ui/act-dialog";
import { ChoiceField, TextAreaField, TextField } from "@/ui/field";
import { Notice } from "@/ui/page";
import { ActError } from "@/ui/states";
import { WhenField } from "@/ui/when-field";
import { priorities } from "./status";

const texts = ["client_reference", "description", "collected_by", "collection_place", "remark"] as const;
type Form = Record<(typeof texts)[number] | "collected_at", string> & { priority: Priority };
const fields = [...texts, "collected_at", "priority"] as const;

/** What was written about a sample, put right. When somebody else was faster, it shows what they changed. */
export function EditDialog({ sample, onClose }: { sample: Sample; onClose: () => void }) {
  const { t, i18n } = useLingui();
  const medical = useMe().laboratory.kind === "medical";
  const time = useTime();
  const act = useAct("PATCH /samples/{id}");
  const formOf = (of: Sample): Form => ({
    client_reference: of.client_reference ?? "",
    description: of.description ?? "",
    collected_by: of.collected_by ?? "",
    collection_place: of.collection_place ?? "",
    remark: of.remark ?? "",
    collected_at: of.collected_at ? time.dateTime(of.collected_at) : "",
    priority: of.priority,
  });
  // What the person started from; after somebody else's change, what stands now.
  const [base, setBase] = useState({ form: formOf(sample), version: sample.version });
  const [form, setForm] = useState(base.form);
  const [reason, setReason] = useState("");
  const [theirs, setTheirs] = useState<{ label: string; before: string; now: string; mine: string | null }[]>([]);
  const set = (part: Partial<Form>) => setForm((now) => ({ ...now, ...part }));
  const names: Record<(typeof fields)[number], string> = {
    client_reference: medical ? t`Requester's number` : t`Client's reference`,
    description: t`Description`,
    collected_at: t`Collected`,
    collected_by: t`Collected by`,
    collection_place: t`Place`,
    remark: t`Remark`,
    priority: t`Priority`,
  };
  const shown = (field: (typeof fields)[number], value: string) =>
    field === "priority" ? i18n._(priorities[value as Priority].label) : value || "–";

  const changed = fields.filter((field) => form[field].trim() !== base.form[field].trim());
  const instant = time.toInstant(parseWhen(form.collected_at) ?? "");
  const wrongTime = form.collected_at.trim() !== "" && instant === null;
  const future = instant !== null && Date.parse(instant) > Date.now() + 300_000;
  const server = (path: string) => (isProblem(act.error) ? act.error.field(path) : undefined);
  const stale = isProblem(act.error) && act.error.status === 412;

  const submit = () => {
    if (wrongTime || future || changed.length === 0) return;
    const body: SampleChange = reason.trim() ? { reason: reason.trim() } : {};
    for (const field of changed)
      if (field === "priority") body.priority = form.priority;
      else if (field === "collected_at") body.collected_at = instant;
      else body[field] = form[field].trim() || null;
    act.mutate(
      { path: { id: sample.id }, body, options: { version: base.version } },
      {
        onSuccess: onClose,
        onError: (error) => {
          if (isProblem(error) && error.status === 412) void takeTheirs();
        },
      },
    );
  };
  /** Fields nobody touched here follow the new state; what was typed stays, and both are shown. */
  const takeTheirs = async () => {
    const now = await call("GET /samples/{id}", { path: { id: sample.id } });
    const next = formOf(now);
    const differing = fields.filter((field) => next[field] !== base.form[field]);
    setTheirs(
      differing.map((field) => ({
        label: names[field],
        before: shown(field, base.form[field]),
        now: shown(field, next[field]),
        mine: changed.includes(field) ? shown(field, form[field]) : null,
      })),
    );
    setForm((mine) => ({
      ...mine,
      ...Object.fromEntries(differing.filter((field) => !changed.includes(field)).map((field) => [field, next[field]])),
    }));
    setBase({ form: next, version: now.version });
  };
  const text = (field: (typeof texts)[number]) => ({
    label: names[field],
    value: form[field],
    error: server(field),
    onChange: (event: { target: { value: string } }) => set({ [field]: event.target.value }),
  });
  return (
    <ActDialog
      wide
      title={t`Correct ${sample.accession_number}`}
      onClose={onClose}
      onSubmit={submit}
      busy={act.isPending}
      label={t`Save`}
      disabledReason={changed.length === 0 ? t`Nothing is changed.` : undefined}
    >
      {theirs.length > 0 && (
        <Notice tone="amber">
          <p className="font-medium">
            <Trans>Somebody changed this sample while you were typing. Look, then save again.</Trans>
          </p>
          <ul className="mt-1">
            {theirs.map((each) => (
              <li key={each.label}>
                {each.label}: <del className="mono">{each.before}</del> → <span className="mono">{each.now}</span>
                {each.mine !== null && (
                  <>
                    {" "}
                    · <Trans>yours</Trans> <span className="mono">{each.mine}</span>
                  </>
                )}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField mono {...text("client_reference")} />
        <WhenField
          label={names.collected_at}
          value={form.collected_at}
          onChange={(collected_at) => set({ collected_at })}
          error={
            (wrongTime ? t`There is no such time.` : future ? t`This lies in the future.` : undefined) ??
            server("collected_at")
          }
        />
        <TextField {...text("collection_place")} />
        <TextField {...text("collected_by")} />
        <TextField {...text("description")} />
        <ChoiceField
          label={names.priority}
          value={form.priority}
          onChange={(priority) => set({ priority })}
          options={(Object.keys(priorities) as Priority[]).map((value) => ({
            value,
            label: i18n._(priorities[value].label),
          }))}
        />
      </div>
      <TextAreaField rows={2} {...text("remark")} />
      <ReasonField
        required={false}
        value={reason}
        onChange={setReason}
        error={server("reason")}
        presets={[t`Typing error`, t`The client corrected it`, t`Read again from the label`]}
      />
      {!(stale && theirs.length > 0) && <ActError beside error={act.error} />}
    </ActDialog>
  );
}
