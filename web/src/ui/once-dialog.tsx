import { Trans } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";
import { Button } from "./button";
import { CopyButton } from "./copy-button";
import { Dialog } from "./dialog";
import { CheckField } from "./field";
import { Notice } from "./page";

/** The only moment in which a secret is seen whole: it closes when the person says that it was put away. */
export function OnceDialog({
  title,
  secret,
  warning,
  why,
  onClose,
  children,
}: {
  title: string;
  /** Null when the same request was answered again. */
  secret: string | null | undefined;
  warning: ReactNode;
  /** Why the dialog does not close yet. */
  why: string;
  onClose: () => void;
  children?: ReactNode;
}) {
  const [kept, setKept] = useState(false);
  return (
    <Dialog
      open
      title={title}
      // Closing by accident would lose it.
      onClose={() => kept && onClose()}
      footer={
        <Button tone="primary" onClick={onClose} disabledReason={kept ? undefined : why}>
          <Trans context="form">Done</Trans>
        </Button>
      }
    >
      <Notice tone="amber">{warning}</Notice>
      <div className="flex items-start gap-2">
        <code className="mono min-w-0 flex-1 rounded-md bg-sunken px-2.5 py-1.5 text-xs break-all select-all">
          {secret}
        </code>
        <CopyButton text={secret ?? ""} />
      </div>
      {children && <p className="text-muted">{children}</p>}
      <CheckField label={<Trans>I have put it where it belongs</Trans>} checked={kept} onChange={setKept} />
    </Dialog>
  );
}
