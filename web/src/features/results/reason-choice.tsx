import { useLingui } from "@lingui/react/macro";
import { useId } from "react";
import { FieldError } from "@/ui/field";

/** The codes of `domain::ReasonCode` that people meet here. */
export type ReasonCode =
  | "typing_error"
  | "calculation_error"
  | "instrument_error"
  | "quality_control"
  | "implausible"
  | "mix_up"
  | "sample_unsuitable"
  | "alone_on_duty"
  | "requested_by_client"
  | "report_error"
  | "left_or_moved"
  | "security"
  | "other";

export function useReasonWords(): Record<ReasonCode, string> {
  const { t } = useLingui();
  return {
    typing_error: t`Typing error`,
    calculation_error: t`Error of calculation`,
    instrument_error: t`Instrument error`,
    quality_control: t`Quality control failed`,
    implausible: t`Implausible value`,
    mix_up: t`Mixed up`,
    sample_unsuitable: t`Unsuitable sample`,
    alone_on_duty: t`Alone on duty`,
    requested_by_client: t`Asked for by the client or doctor`,
    report_error: t`Error on the report`,
    left_or_moved: t`Left or changed duties`,
    security: t`Security`,
    other: t`Another reason`,
  };
}

/** Ready-made reasons, chosen with one click or the digit keys of a radio group. */
export function ReasonChoice<C extends ReasonCode>({
  legend,
  codes,
  value,
  onChange,
  error,
}: {
  legend: string;
  codes: readonly C[];
  value: C | null;
  onChange: (code: C) => void;
  error?: string;
}) {
  const name = useId();
  const words = useReasonWords();
  return (
    <fieldset aria-describedby={error ? `${name}-error` : undefined}>
      <legend className="mb-1.5 text-xs font-medium">{legend}</legend>
      <div className="flex flex-wrap gap-1.5">
        {codes.map((code) => (
          <label
            key={code}
            className="flex min-h-[var(--control)] items-center rounded-md border border-line-strong bg-surface px-3 select-none hover:bg-hover has-checked:border-accent has-checked:bg-selected has-checked:font-medium has-checked:text-accent has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              className="sr-only"
              name={name}
              checked={value === code}
              onChange={() => onChange(code)}
            />
            {words[code]}
          </label>
        ))}
      </div>
      {error && (
        <div className="mt-1">
          <FieldError id={`${name}-error`}>{error}</FieldError>
        </div>
      )}
    </fieldset>
  );
}
