import { useLingui } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";
import { isProblem } from "@/api/problems";
import { ActDialog, ReasonField } from "./act-dialog";
import { ActError } from "./states";

/** An act that needs a reason in words, with ready-made ones to begin from. */
export function ReasonDialog({
  title,
  description,
  presets,
  initial = "",
  required = true,
  label,
  danger,
  busy,
  error,
  onClose,
  onSubmit,
  children,
}: {
  title: string;
  description?: ReactNode;
  presets?: readonly string[];
  /** What most likely is the reason. */
  initial?: string;
  /** Where it is not, the reason may come out empty. */
  required?: boolean;
  label: string;
  danger?: boolean;
  busy: boolean;
  error: unknown;
  onClose: () => void;
  onSubmit: (reason: string) => void;
  /** What to know before. */
  children?: ReactNode;
}) {
  const { t } = useLingui();
  const [reason, setReason] = useState(initial);
  const [tried, setTried] = useState(false);
  const missing = required && reason.trim() === "";
  return (
    <ActDialog
      title={title}
      description={description}
      onClose={onClose}
      onSubmit={() => {
        setTried(true);
        if (!missing) onSubmit(reason.trim());
      }}
      busy={busy}
      label={label}
      danger={danger}
    >
      {children}
      <ReasonField
        value={reason}
        onChange={setReason}
        presets={presets}
        required={required}
        error={(tried && missing ? t`Say why.` : undefined) ?? (isProblem(error) ? error.field("reason") : undefined)}
      />
      <ActError error={error} beside={isProblem(error) && Boolean(error.field("reason"))} />
    </ActDialog>
  );
}
