import { Trans, useLingui } from "@lingui/react/macro";
import { ArrowRight } from "lucide-react";
import { useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct, useApi } from "@/api/queries";
import type { Patient } from "@/api/types";
import { PatientPicker } from "@/features/pickers/pickers";
import { TwoPeopleDialog } from "@/features/two-people/dialog";
import { useWaiting } from "@/features/two-people/waiting";
import type { Choice } from "@/ui/combobox";
import { cx } from "@/ui/cx";
import { ChoiceField, Field } from "@/ui/field";
import { Skeleton } from "@/ui/states";
import { patientName, useSexName } from "./person";

/**
 * Two records of one person become one. Both stand side by side, with what differs marked, because joining two people
 * is far worse than leaving two records. It takes two members of staff.
 */
export function MergeDialog({ patient, onClose }: { patient: Patient; onClose: () => void }) {
  const { t } = useLingui();
  const act = useAct("POST /patients/{id}/merge");
  // What somebody asked for stands there, until another record is chosen.
  const waiting = useWaiting("merge", (each) => each.from === patient.id || each.into === patient.id);
  const goes = waiting?.from === patient.id;
  const asked: Choice | null = waiting
    ? {
        id: (goes ? waiting.into : waiting.from) ?? "",
        label: (goes ? waiting.into_label : waiting.label) ?? "",
      }
    : null;
  const [chosen, setChoice] = useState<Choice | null>();
  const [side, setStays] = useState<"this" | "other">();
  const choice = chosen === undefined ? asked : chosen;
  const stays = side ?? (goes ? "other" : "this");
  const found = useApi("GET /patients/{id}", { path: { id: choice?.id ?? "" } }, { enabled: choice !== null });
  const other = choice ? found.data : undefined;
  const same = choice?.id === patient.id;
  const [from, into] = stays === "this" ? [other, patient] : [patient, other];
  return (
    <TwoPeopleDialog
      wide
      title={t`Merge with another record`}
      onClose={onClose}
      act={act}
      waiting={waiting}
      notice={
        <Trans>
          Only for two records of one person. Two members of staff do it: the first asks, another one sends the same.
          Samples and orders move over, released reports are marked as under correction.
        </Trans>
      }
      requested={
        <Trans>
          Your request is recorded, nothing is joined yet. Somebody else who may merge patients opens one of the two,
          chooses the other, leaves the same record standing and gives their reason: that joins them.
        </Trans>
      }
      presets={[t`Registered twice`, t`Unknown patient is now identified`, t`Spelling of the name`]}
      onSubmit={(reason) => {
        if (!from || !into || same) return;
        act.mutate(
          { path: { id: from.id }, body: { into: into.id, reason } },
          { onSuccess: (answer) => answer.status === "done" && onClose() },
        );
      }}
    >
      {(tried) => (
        <>
          <Field
            label={t`The other record`}
            required
            error={
              (same ? t`This is the same record.` : tried && !choice ? t`Choose the other record.` : undefined) ??
              (isProblem(act.error) ? act.error.field("into") : undefined)
            }
          >
            {(control) => <PatientPicker control={control} value={choice} onChange={setChoice} />}
          </Field>
          {choice && !same && (
            <>
              {other ? <SideBySide a={patient} b={other} stays={stays} /> : <Skeleton className="h-40 w-full" />}
              <ChoiceField
                label={t`Which record stays`}
                value={stays}
                onChange={setStays}
                options={[
                  { value: "this", label: t`The left one` },
                  { value: "other", label: t`The right one` },
                ]}
              />
            </>
          )}
        </>
      )}
    </TwoPeopleDialog>
  );
}

function SideBySide({ a, b, stays }: { a: Patient; b: Patient; stays: "this" | "other" }) {
  const { t } = useLingui();
  const sexName = useSexName();
  const unknown = t`Unknown patient`;
  const identifiers = (of: Patient) => of.identifiers.map((each) => `${each.system} ${each.value}`).join(", ");
  const rows: { label: string; of: (patient: Patient) => string | null }[] = [
    { label: t`Full name`, of: (of) => patientName(of) || unknown },
    { label: t`Born`, of: (of) => of.birth_date },
    { label: t`Sex`, of: (of) => sexName(of.sex) },
    { label: t`Identifiers`, of: identifiers },
    { label: t`Telephone`, of: (of) => of.phone },
    { label: t`E-mail address`, of: (of) => of.email },
  ];
  const head = (on: boolean) => (
    <th
      scope="col"
      className={cx("px-2 py-2 text-start text-xs sm:px-3 font-medium", on ? "text-green" : "text-muted")}
    >
      {on ? t`stays` : t`goes into it`}
    </th>
  );
  return (
    <div className="overflow-x-auto rounded-md border border-line">
      <table className="w-full table-fixed">
        <caption className="sr-only">{t`Both records side by side`}</caption>
        <thead>
          <tr className="border-b border-line bg-sunken">
            <th scope="col" className="w-28">
              <span className="sr-only">{t`Field`}</span>
            </th>
            {head(stays === "this")}
            {head(stays === "other")}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ label, of }) => {
            const differs = (of(a) ?? "") !== (of(b) ?? "");
            return (
              <tr key={label} className="border-b border-line last:border-0">
                <th scope="row" className="px-2 py-1.5 text-start text-xs font-normal text-muted sm:px-3">
                  {label}
                </th>
                {[a, b].map((each) => (
                  <td
                    key={each.id}
                    className={cx("px-2 py-1.5 break-words sm:px-3", differs && "bg-amber-tint font-medium text-amber")}
                  >
                    {of(each) || <span className="text-faint">–</span>}
                    {differs && <span className="sr-only"> ({t`differs`})</span>}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
      <p className="flex items-center gap-1.5 border-t border-line px-3 py-2 text-xs text-muted">
        <ArrowRight aria-hidden className="size-3.5" />
        <Trans>What differs is marked.</Trans>
      </p>
    </div>
  );
}
