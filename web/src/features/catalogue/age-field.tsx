import { useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { Field } from "@/ui/field";
import { ageUnits, type AgeUnit } from "./age";
import type { TypedAge } from "./limits";
import { useCatalogueWords } from "./words";

/** An age: a count and its unit. */
export function AgeField({
  label,
  value,
  onChange,
  error,
  hint,
  className,
}: {
  label: string;
  value: TypedAge;
  onChange: (age: TypedAge) => void;
  error?: ReactNode;
  hint?: ReactNode;
  className?: string;
}) {
  const { t } = useLingui();
  const words = useCatalogueWords();
  return (
    <Field label={label} error={error} hint={hint} className={className}>
      {(control) => (
        <div className="control flex items-center gap-1 pe-1!">
          <input
            {...control}
            className="mono w-12 min-w-0 flex-1 bg-transparent py-1 outline-none"
            inputMode="numeric"
            autoComplete="off"
            value={value.text}
            onChange={(event) => onChange({ ...value, text: event.target.value })}
          />
          <select
            aria-label={t`${label}: unit`}
            className="min-h-6 rounded-sm bg-transparent text-muted hover:text-ink"
            value={value.unit}
            onChange={(event) => onChange({ ...value, unit: event.target.value as AgeUnit })}
          >
            {ageUnits.map((unit) => (
              <option key={unit} value={unit}>
                {words.ageUnit(unit)}
              </option>
            ))}
          </select>
        </div>
      )}
    </Field>
  );
}
