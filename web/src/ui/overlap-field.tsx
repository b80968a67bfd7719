import { useLingui } from "@lingui/react/macro";
import { SelectField } from "./field";

/** How many minutes what is replaced goes on beside what replaces it. */
export function OverlapField({ value, onChange }: { value: string; onChange: (minutes: string) => void }) {
  const { t } = useLingui();
  return (
    <SelectField
      label={t`The old one ends`}
      value={value}
      onChange={(next) => next !== "" && onChange(next)}
      options={[
        { value: "0", label: t`at once` },
        { value: "60", label: t`after an hour` },
        { value: "1440", label: t`after a day` },
        { value: "10080", label: t`after a week` },
      ]}
    />
  );
}
