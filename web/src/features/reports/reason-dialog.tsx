import { Trans, useLingui } from "@lingui/react/macro";
import { type ReactNode, useId, useState } from "react";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextAreaField } from "@/ui/field";
import { ActError } from "@/ui/states";

/** An act that needs a reason in words, with ready-made ones to begin from. */
export function ReasonDialog({
  title,
  description,
  presets,
  initial = "",
  label,
  danger,
  busy,
  error,
  onClose,
  onSubmit,
}: {
  title: string;
  description?: ReactNode;
  presets: readonly string[];
  /** What most likely is the reason. */
  initial?: string;
  label: string;
  danger?: boolean;
  busy: boolean;
  error: unknown;
  onClose: () => void;
  onSubmit: (reason: string) => void;
}) {
  const { t } = useLingui();
  const form = useId();
  const [reason, setReason] = useState(initial);
  const [tried, setTried] = useState(false);
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      description={description}
      footer={
        <>
          <Button onClick={onClose}>
            <Trans>Back</Trans>
          </Button>
          <Button type="submit" form={form} tone={danger ? "danger" : "primary"} busy={busy}>
            {label}
          </Button>
        </>
      }
    >
      <form
        id={form}
        noValidate
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (reason.trim() !== "") onSubmit(reason.trim());
        }}
      >
        <div className="flex flex-wrap gap-1.5">
          {presets.map((preset) => (
            <Button key={preset} onClick={() => setReason(preset)}>
              {preset}
            </Button>
          ))}
        </div>
        <TextAreaField
          label={t`Reason`}
          required
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          error={tried && reason.trim() === "" ? t`Say why.` : undefined}
        />
        <ActError error={error} />
      </form>
    </Dialog>
  );
}
