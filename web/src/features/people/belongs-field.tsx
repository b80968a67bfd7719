import { useLingui } from "@lingui/react/macro";
import { useApi } from "@/api/queries";
import { ClientPicker } from "@/features/pickers/pickers";
import { Field } from "@/ui/field";

/** The client whose things are all that a person sees; empty for staff. */
export function BelongsField({
  value,
  onChange,
  error,
  hint,
}: {
  value: string | null;
  onChange: (client: string | null) => void;
  error?: string;
  /** What it means, where not a person belongs to the client. */
  hint?: string;
}) {
  const { t } = useLingui();
  const client = useApi("GET /clients/{id}", { path: { id: value ?? "" } }, { enabled: value !== null });
  return (
    <Field
      label={t`Belongs to the client`}
      hint={
        hint ??
        t`For clients' own people: they see this client's orders, samples and released reports, and nothing else. Empty for staff.`
      }
      error={error}
    >
      {(control) => (
        <ClientPicker
          control={control}
          value={value === null ? null : { id: value, label: client.data?.name ?? "…" }}
          onChange={(choice) => onChange(choice?.id ?? null)}
        />
      )}
    </Field>
  );
}
