import { useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { TextField } from "@/ui/field";

/** Whether a text is a whole number within its safe bounds. */
export const within = (text: string, [least, most]: readonly [number, number]): boolean =>
  /^\d+$/.test(text.trim()) && Number(text) >= least && Number(text) <= most;

/** A whole number with safe bounds, which are told before they are met. */
export function NumberField({
  label,
  hint,
  bounds,
  value,
  onChange,
  error,
  readOnly,
}: {
  label: string;
  hint: ReactNode;
  bounds: readonly [number, number];
  value: string;
  onChange: (value: string) => void;
  error?: string;
  readOnly?: boolean;
}) {
  const { t } = useLingui();
  const [least, most] = bounds;
  return (
    <TextField
      label={label}
      hint={
        <>
          {t`${least} to ${most}.`} {hint}
        </>
      }
      inputMode="numeric"
      short
      readOnly={readOnly}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      error={within(value, bounds) ? error : t`A whole number from ${least} to ${most}.`}
    />
  );
}
