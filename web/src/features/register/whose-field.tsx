import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { ClientPicker, PatientPicker } from "@/features/pickers/pickers";
import { useMay, useMe } from "@/session/session";
import type { Choice } from "@/ui/combobox";
import { ChoiceField, Field } from "@/ui/field";

export interface WhoseValue {
  whose: "client" | "patient";
  client: Choice | null;
  patient: Choice | null;
}

/** For whom: a client in a testing laboratory, a patient in a medical one; a medical laboratory may do both. */
export function WhoseField({
  value,
  onChange,
  error,
}: {
  value: WhoseValue;
  onChange: (change: Partial<WhoseValue>) => void;
  error?: string;
}) {
  const { t } = useLingui();
  const may = useMay();
  const medical = useMe().laboratory.kind === "medical";
  return (
    <div className="flex flex-col gap-3">
      {medical && (
        <ChoiceField
          label={t`For`}
          hideLabel
          value={value.whose}
          onChange={(whose) => onChange({ whose })}
          options={[
            { value: "patient", label: t`Patient` },
            { value: "client", label: t`Client` },
          ]}
        />
      )}
      {value.whose === "patient" ? (
        <Field
          label={t`Patient`}
          required
          error={error}
          hint={
            may("patient:manage") ? (
              <>
                {t`Check two identifiers with the request form.`}{" "}
                <Link to="/patients/new" className="text-accent underline">{t`New patient`}</Link>
              </>
            ) : (
              t`Check two identifiers with the request form.`
            )
          }
        >
          {(control) => (
            <PatientPicker control={control} value={value.patient} onChange={(patient) => onChange({ patient })} />
          )}
        </Field>
      ) : (
        <Field label={t`Client`} required error={error}>
          {(control) => (
            <ClientPicker control={control} value={value.client} onChange={(client) => onChange({ client })} />
          )}
        </Field>
      )}
    </div>
  );
}
