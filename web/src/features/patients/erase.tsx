import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useAct, useApi } from "@/api/queries";
import type { Patient } from "@/api/types";
import { TwoPeopleDialog } from "@/features/two-people/dialog";
import { useWaiting } from "@/features/two-people/waiting";
import { CheckField, ChoiceField, TextField } from "@/ui/field";
import { patientNumber } from "./person";

/**
 * Erasing a person. Both people see what goes and what stays, type the patient's number and confirm who they are; there is no way
 * back, and no copy from before brings the person back.
 */
export function EraseDialog({ patient, onClose }: { patient: Patient; onClose: () => void }) {
  const { t } = useLingui();
  const act = useAct("POST /patients/{id}/erase");
  const waiting = useWaiting("erase", (each) => each.from === patient.id);
  const reports = useApi("GET /reports", { query: { patient_id: patient.id, limit: 200 } });
  const released = (reports.data?.items ?? []).filter((each) => each.released_at);
  const [typed, setTyped] = useState("");
  const [agreed, setAgreed] = useState(false);
  const [code, setCode] = useState<"requested_by_person" | "retention_over" | "other">("requested_by_person");
  const number = patientNumber(patient);
  const right = typed.trim().toUpperCase() === number;
  return (
    <TwoPeopleDialog
      wide
      danger
      title={t`Erase this person`}
      onClose={onClose}
      act={act}
      waiting={waiting}
      notice={
        <Trans>
          This cannot be undone, not even from a backup. Two members of staff do it: the first asks, another one sends
          the same.
        </Trans>
      }
      requested={
        <Trans>
          Your request is recorded, nothing is erased yet. Somebody else who may erase people opens this patient and
          confirms within a week.
        </Trans>
      }
      presets={[t`Asked for in writing`, t`The retention time is over`, t`Registered without reason`]}
      onSubmit={(reason) => {
        if (!right || (released.length > 0 && !agreed)) return;
        act.mutate(
          {
            path: { id: patient.id },
            body: { reason, reason_code: code, released_reports: released.length > 0 },
            options: { version: patient.version },
          },
          { onSuccess: (answer) => answer.status === "done" && onClose() },
        );
      }}
    >
      {(tried) => (
        <>
          <div className="grid gap-4 sm:grid-cols-2">
            <What title={t`What is gone for good`}>
              <li>{t`Name, birth, identifiers, telephone, e-mail address`}</li>
              <li>{t`Every value of every result, and what was written beside it`}</li>
              <li>{t`What reports say, with their documents`}</li>
              <li>{t`What the audit trail tells about the person`}</li>
              <li>{t`Exports of the audit trail in which the person is legible`}</li>
            </What>
            <What title={t`What stays`}>
              <li>{t`An empty record with its number, and the numbers of samples, orders and reports`}</li>
              <li>{t`That things happened, when, and who did them; the log still verifies`}</li>
              <li>{t`That a report on paper is genuine, in the public check`}</li>
            </What>
          </div>
          {released.length > 0 && (
            <div>
              <CheckField
                label={t`Released reports need not be kept any longer`}
                hint={
                  <Trans>
                    Nobody can read {released.map((each) => each.number).join(", ")} here any more. Laws on medical
                    records may ask you to keep them.
                  </Trans>
                }
                checked={agreed}
                onChange={setAgreed}
              />
              {tried && !agreed && <p className="mt-1 text-xs text-red">{t`Say that they need not be kept.`}</p>}
            </div>
          )}
          <ChoiceField
            label={t`Why, for the audit trail`}
            value={code}
            onChange={setCode}
            options={[
              { value: "requested_by_person", label: t`The person asks for it` },
              { value: "retention_over", label: t`Retention is over` },
              { value: "other", label: t({ message: "Other", context: "reason" }) },
            ]}
          />
          <TextField
            label={t`Type the patient's number ${number}`}
            required
            mono
            autoComplete="off"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            error={tried && !right ? t`This is not the number of this patient.` : undefined}
          />
        </>
      )}
    </TwoPeopleDialog>
  );
}

function What({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <div className="rounded-md border border-line px-3 py-2">
      <h3 className="mb-1 font-semibold">{title}</h3>
      <ul className="flex list-disc flex-col gap-1 ps-4 text-muted">{children}</ul>
    </div>
  );
}
