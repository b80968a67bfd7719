import { useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct } from "@/api/queries";
import type { Patient } from "@/api/types";
import type { PatientChange } from "@/api/types-orders";
import { parseWhen } from "@/features/register/paste";
import { ActDialog } from "@/ui/act-dialog";
import { ChoiceField, TextField } from "@/ui/field";
import { ActError } from "@/ui/states";
import { WhenField } from "@/ui/when-field";
import { type Identifier, identifierFaults, IdentifierRows, tidy } from "./identifiers";

/** Name, birth, sex, identifiers and how to reach a patient, put right. */
export function EditPatientDialog({ patient, onClose }: { patient: Patient; onClose: () => void }) {
  const { t } = useLingui();
  const act = useAct("PATCH /patients/{id}");
  const [form, setForm] = useState({
    family_name: patient.family_name,
    given_name: patient.given_name,
    birth_date: patient.birth_date ?? "",
    sex: patient.sex,
    phone: patient.phone ?? "",
    email: patient.email ?? "",
  });
  const [identifiers, setIdentifiers] = useState<Identifier[]>(patient.identifiers);
  const [tried, setTried] = useState(false);
  const faults = identifierFaults(identifiers);
  const set = (part: Partial<typeof form>) => setForm((now) => ({ ...now, ...part }));
  const born = parseWhen(form.birth_date)?.slice(0, 10);
  const body: PatientChange = {};
  if (form.family_name.trim() !== patient.family_name) body.family_name = form.family_name.trim();
  if (form.given_name.trim() !== patient.given_name) body.given_name = form.given_name.trim();
  if ((born ?? "") !== (patient.birth_date ?? "")) body.birth_date = born ?? null;
  if (form.sex !== patient.sex) body.sex = form.sex;
  if (form.phone.trim() !== (patient.phone ?? "")) body.phone = form.phone.trim() || null;
  if (form.email.trim() !== (patient.email ?? "")) body.email = form.email.trim() || null;
  if (JSON.stringify(tidy(identifiers)) !== JSON.stringify(patient.identifiers)) body.identifiers = tidy(identifiers);
  const wrongDay = form.birth_date.trim() !== "" && !born;
  const server = (path: string) => (isProblem(act.error) ? act.error.field(path) : undefined);
  const text = (field: "family_name" | "given_name" | "phone" | "email") => ({
    value: form[field],
    error: server(field),
    onChange: (event: { target: { value: string } }) => set({ [field]: event.target.value }),
  });
  return (
    <ActDialog
      wide
      title={t`Correct what is known`}
      description={t`Released reports keep what they said; what changes here is for the next ones.`}
      onClose={onClose}
      onSubmit={() => {
        setTried(true);
        if (wrongDay || faults.some(Boolean) || Object.keys(body).length === 0) return;
        act.mutate({ path: { id: patient.id }, body, options: { version: patient.version } }, { onSuccess: onClose });
      }}
      busy={act.isPending}
      label={t`Save`}
      disabledReason={Object.keys(body).length === 0 && !wrongDay ? t`Nothing is changed.` : undefined}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField label={t`Family name`} {...text("family_name")} />
        <TextField label={t`Given name`} {...text("given_name")} />
        <WhenField
          dateOnly
          noNow
          label={t`Born`}
          value={form.birth_date}
          onChange={(birth_date) => set({ birth_date })}
          error={(wrongDay ? t`There is no such day.` : undefined) ?? server("birth_date")}
        />
        <ChoiceField
          label={t`Sex`}
          value={form.sex}
          onChange={(sex) => set({ sex })}
          options={[
            { value: "female", label: t`Female` },
            { value: "male", label: t`Male` },
            { value: "unknown", label: t({ message: "Unknown", context: "sex" }) },
          ]}
        />
      </div>
      <fieldset className="min-w-0">
        <legend className="mb-2 font-semibold">{t`Identifiers`}</legend>
        <IdentifierRows value={identifiers} onChange={setIdentifiers} faults={tried ? faults : []} server={server} />
      </fieldset>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField label={t`Telephone`} type="tel" {...text("phone")} />
        <TextField label={t`E-mail address`} type="email" {...text("email")} />
      </div>
      <ActError beside error={act.error} />
    </ActDialog>
  );
}
