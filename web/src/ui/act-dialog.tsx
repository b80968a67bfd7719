import { Trans, useLingui } from "@lingui/react/macro";
import { type ReactNode, useId } from "react";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { TextAreaField } from "./field";
import { Form } from "./form";

/** A question that ends in an act: a form in a dialog, the way back first, the act last. */
export function ActDialog({
  title,
  description,
  onClose,
  onSubmit,
  busy,
  label,
  icon,
  danger,
  children,
  wide,
  disabledReason,
}: {
  title: string;
  description?: ReactNode;
  onClose: () => void;
  onSubmit: () => void;
  busy: boolean;
  label: string;
  icon?: ReactNode;
  danger?: boolean;
  children: ReactNode;
  wide?: boolean;
  disabledReason?: ReactNode;
}) {
  const form = useId();
  return (
    <Dialog
      open
      wide={wide}
      onClose={onClose}
      title={title}
      description={description}
      footer={
        <>
          <Button onClick={onClose}>
            <Trans>Back</Trans>
          </Button>
          <Button
            type="submit"
            form={form}
            tone={danger ? "danger" : "primary"}
            icon={icon}
            busy={busy}
            disabledReason={disabledReason}
          >
            {label}
          </Button>
        </>
      }
    >
      <Form id={form} onSubmit={onSubmit} className="flex flex-col gap-4">
        {children}
      </Form>
    </Dialog>
  );
}

/** Why something is done, in words; ready-made ones fill it in. */
export function ReasonField({
  value,
  onChange,
  presets,
  error,
  required = true,
}: {
  value: string;
  onChange: (reason: string) => void;
  presets?: readonly string[];
  error?: ReactNode;
  required?: boolean;
}) {
  const { t } = useLingui();
  return (
    <div className="flex flex-col gap-1.5">
      <TextAreaField
        label={t`Reason`}
        required={required}
        rows={2}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        error={error}
      />
      {presets && (
        <div className="flex flex-wrap gap-1">
          {presets.map((preset) => (
            <button
              key={preset}
              type="button"
              onClick={() => onChange(preset)}
              className="min-h-7 rounded-md border border-dashed border-line-strong px-2 text-start text-xs text-muted hover:border-accent hover:text-accent pointer-coarse:min-h-11"
            >
              {preset}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
