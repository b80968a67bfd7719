import { useLingui } from "@lingui/react/macro";
import { CircleCheckBig, CircleX, Thermometer, TriangleAlert } from "lucide-react";
import type { Condition, ReceiveBody, SampleType } from "@/api/types";
import { LocationPicker } from "@/features/pickers/pickers";
import type { Choice } from "@/ui/combobox";
import { ChoiceField, Field, TextAreaField, TextField } from "@/ui/field";
import { DeviationsField } from "./deviations-field";

/** What is on the screen while a sample is being received; turned into the request on submit. */
export interface Receipt {
  condition: Condition;
  note: string;
  temperature: string;
  deviations: string[];
  location: Choice | null;
}

export const emptyReceipt: Receipt = {
  condition: "acceptable",
  note: "",
  temperature: "",
  deviations: [],
  location: null,
};

/** Both decimal signs are typed in laboratories; the interface knows the point. */
export function decimal(text: string): string {
  return text.trim().replace(",", ".");
}

/** Problems a person can see before sending, by field. */
export function receiptErrors(
  receipt: Receipt,
  type: SampleType | undefined,
  text: { temperature: string; number: string; note: string },
): Partial<Record<keyof Receipt, string>> {
  const errors: Partial<Record<keyof Receipt, string>> = {};
  const temperature = decimal(receipt.temperature);
  if (type?.requires_temperature && !temperature) errors.temperature = text.temperature;
  else if (temperature && !/^-?\d+(\.\d+)?$/.test(temperature)) errors.temperature = text.number;
  if (receipt.condition !== "acceptable" && !receipt.note.trim() && receipt.deviations.length === 0)
    errors.note = text.note;
  return errors;
}

export function receiptBody(receipt: Receipt): ReceiveBody {
  return {
    condition: receipt.condition,
    condition_note: receipt.note.trim() || undefined,
    temperature_c: decimal(receipt.temperature) || undefined,
    deviations: receipt.deviations.length > 0 ? receipt.deviations : undefined,
    location_id: receipt.location?.id,
  };
}

/** Whether a temperature lies outside what the sample type wants; null when it cannot be told. */
export function temperatureOutside(receipt: Receipt, type: SampleType | undefined): boolean | null {
  const value = Number(decimal(receipt.temperature));
  if (!type || receipt.temperature.trim() === "" || Number.isNaN(value)) return null;
  if (type.temperature_min !== null && value < Number(type.temperature_min)) return true;
  if (type.temperature_max !== null && value > Number(type.temperature_max)) return true;
  return false;
}

export function ReceiptFields({
  receipt,
  onChange,
  errors,
  type,
}: {
  receipt: Receipt;
  onChange: (change: Partial<Receipt>) => void;
  errors: Partial<Record<keyof Receipt, string>>;
  /** The sample type, when it is one: it says whether a temperature is needed. */
  type?: SampleType;
}) {
  const { t } = useLingui();
  const range =
    type?.temperature_min || type?.temperature_max
      ? t`Wanted: ${type.temperature_min ?? "−∞"} to ${type.temperature_max ?? "∞"} °C`
      : undefined;
  const outside = temperatureOutside(receipt, type);
  return (
    <>
      <ConditionField value={receipt.condition} onChange={(condition) => onChange({ condition })} />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label={t`Temperature on receipt, °C`}
          inputMode="decimal"
          mono
          required={type?.requires_temperature}
          value={receipt.temperature}
          error={errors.temperature}
          hint={outside ? <TemperatureWarning text={t`Outside the wanted range; record it as a deviation.`} /> : range}
          onChange={(event) => onChange({ temperature: event.target.value })}
        />
        <Field label={t`Stored at`}>
          {(control) => (
            <LocationPicker
              control={control}
              value={receipt.location}
              onChange={(location) => onChange({ location })}
            />
          )}
        </Field>
      </div>
      <DeviationsField value={receipt.deviations} onChange={(deviations) => onChange({ deviations })} />
      <TextAreaField
        label={t`Note on the condition`}
        required={receipt.condition !== "acceptable"}
        rows={2}
        value={receipt.note}
        error={errors.note}
        hint={
          receipt.condition === "compromised"
            ? t`A compromised sample that is tested anyway has this printed on its report.`
            : undefined
        }
        onChange={(event) => onChange({ note: event.target.value })}
      />
    </>
  );
}

export function ConditionField({
  value,
  onChange,
  hideLabel,
  className,
}: {
  value: Condition;
  onChange: (value: Condition) => void;
  hideLabel?: boolean;
  className?: string;
}) {
  const { t } = useLingui();
  return (
    <ChoiceField
      label={t`Condition on receipt`}
      hideLabel={hideLabel}
      className={className}
      value={value}
      onChange={onChange}
      options={[
        { value: "acceptable", label: t`Acceptable`, icon: <CircleCheckBig aria-hidden /> },
        { value: "compromised", label: t`Compromised`, icon: <TriangleAlert aria-hidden /> },
        { value: "unacceptable", label: t`Unacceptable`, icon: <CircleX aria-hidden /> },
      ]}
    />
  );
}

function TemperatureWarning({ text }: { text: string }) {
  return (
    <span className="flex items-center gap-1 text-amber">
      <Thermometer aria-hidden className="size-3.5" />
      {text}
    </span>
  );
}
