import type { ReactNode } from "react";
import { useLingui } from "@lingui/react/macro";
import { Button } from "./button";

/** The end of a form that changes what is there: with nothing changed there is nothing to save. */
export function SaveButton({
  dirty,
  locked,
  busy,
  children,
}: {
  dirty: boolean;
  /** Why this person cannot. */
  locked?: string;
  busy: boolean;
  children: ReactNode;
}) {
  const { t } = useLingui();
  return (
    <Button
      type="submit"
      tone="primary"
      className="self-start"
      busy={busy}
      disabledReason={locked ?? (dirty ? undefined : t`Nothing is changed.`)}
    >
      {children}
    </Button>
  );
}
