import { Trans, useLingui } from "@lingui/react/macro";
import { ChevronDown, X } from "lucide-react";
import { useId, useState } from "react";
import type { SampleType } from "@/api/types";
import { Whose } from "@/features/samples/whose";
import { PriorityPill } from "@/features/samples/status";
import { IconButton } from "@/ui/button";
import { cx } from "@/ui/cx";
import { FieldError } from "@/ui/field";
import { Pill } from "@/ui/pill";
import { ConditionField, type Receipt, ReceiptFields, temperatureOutside } from "./receipt-fields";
import type { TrayItem } from "./tray";

interface TrayRowProps {
  item: TrayItem;
  type: SampleType | undefined;
  errors: Partial<Record<keyof Receipt, string>>;
  serverError?: string;
  onChange: (change: Partial<Receipt>) => void;
  onRemove: () => void;
}

/** One sample on the bench: condition and temperature at once, the rest when opened. */
export function TrayRow({ item, type, errors, serverError, onChange, onRemove }: TrayRowProps) {
  const { t } = useLingui();
  const id = useId();
  const { sample, receipt } = item;
  const [wanted, setWanted] = useState(false);
  const open = wanted || receipt.condition !== "acceptable" || Boolean(errors.note);
  const asksTemperature = type?.requires_temperature === true;
  return (
    <li className="border-b border-line px-4 py-3 last:border-0">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-40 flex-1">
          <span className="flex items-center gap-2">
            <span className="mono font-semibold">{sample.accession_number}</span>
            <PriorityPill priority={sample.priority} />
          </span>
          <span className="block truncate text-xs text-muted">
            <Whose sample={sample} /> · {sample.sample_type.name}
            {sample.client_reference && ` · ${sample.client_reference}`}
          </span>
        </div>
        {!open && (
          <>
            {asksTemperature && (
              <label className="flex items-center gap-2 text-xs text-muted max-sm:order-3">
                <Trans>°C on receipt</Trans>
                <input
                  inputMode="decimal"
                  aria-invalid={errors.temperature ? true : undefined}
                  aria-describedby={errors.temperature ? `${id}-temperature` : undefined}
                  className={cx("control mono w-20! text-end", temperatureOutside(receipt, type) && "border-amber!")}
                  value={receipt.temperature}
                  onChange={(event) => onChange({ temperature: event.target.value })}
                />
              </label>
            )}
            <ConditionField
              className="order-last basis-full 2xl:order-none 2xl:basis-auto"
              hideLabel
              value={receipt.condition}
              onChange={(condition) => onChange({ condition })}
            />
          </>
        )}
        <div className="flex items-center max-sm:order-2">
          {receipt.deviations.length > 0 && !open && <Pill tone="amber">{receipt.deviations.length}</Pill>}
          <IconButton
            label={open ? t`Fewer details` : t`More details`}
            icon={<ChevronDown className={cx("transition-transform", open && "rotate-180")} />}
            onClick={() => setWanted(!open)}
            aria-expanded={open}
          />
          <IconButton label={t`Take ${sample.accession_number} off the bench`} icon={<X />} onClick={onRemove} />
        </div>
      </div>
      {!open && errors.temperature && (
        <div className="mt-1 flex justify-end">
          <FieldError id={`${id}-temperature`}>{errors.temperature}</FieldError>
        </div>
      )}
      {serverError && (
        <div className="mt-1">
          <FieldError>{serverError}</FieldError>
        </div>
      )}
      {open && (
        <div className="mt-3 flex flex-col gap-4 rounded-md bg-canvas p-4">
          <ReceiptFields receipt={receipt} onChange={onChange} errors={errors} type={type} />
        </div>
      )}
    </li>
  );
}
