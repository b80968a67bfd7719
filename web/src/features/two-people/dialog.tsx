import { Trans, useLingui } from "@lingui/react/macro";
import { UsersRound } from "lucide-react";
import { type ReactNode, useState } from "react";
import { isProblem } from "@/api/problems";
import type { TwoPersonRequest } from "@/api/types-access";
import { ActDialog, ReasonField } from "@/ui/act-dialog";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Notice } from "@/ui/page";
import { ActError } from "@/ui/states";
import { WaitingNotice } from "./waiting";

/**
 * An act that takes two people: the first asks for it with a reason, another one sends the same and thereby does it. Whoever asked
 * is told what the second person has to do.
 */
export function TwoPeopleDialog({
  title,
  wide,
  danger,
  waiting,
  notice,
  presets,
  act,
  requested,
  onSubmit,
  onClose,
  children,
}: {
  title: string;
  wide?: boolean;
  danger?: boolean;
  /** Who asked for the same already. */
  waiting?: TwoPersonRequest;
  /** What it does, before it is asked for. */
  notice: ReactNode;
  /** Reasons to choose from. */
  presets: readonly string[];
  act: { data: { status: TwoPersonRequest["status"] } | undefined; error: unknown; isPending: boolean };
  /** What the second person does; shown once it was asked for. */
  requested: ReactNode;
  /** Called once there is a reason. */
  onSubmit: (reason: string) => void;
  onClose: () => void;
  /** The fields before the reason; they say what they lack once sending was tried. */
  children: (tried: boolean) => ReactNode;
}) {
  const { t } = useLingui();
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  if (act.data?.status === "requested")
    return (
      <Dialog
        open
        onClose={onClose}
        title={t`A second person is needed`}
        footer={
          <Button tone="primary" onClick={onClose}>
            <Trans>Understood</Trans>
          </Button>
        }
      >
        <p>{requested}</p>
      </Dialog>
    );
  const unsaid = reason.trim() ? undefined : t`Say why.`;
  return (
    <ActDialog
      wide={wide}
      title={title}
      onClose={onClose}
      onSubmit={() => {
        setTried(true);
        if (!unsaid) onSubmit(reason.trim());
      }}
      busy={act.isPending}
      label={waiting ? t`Confirm it` : t`Ask for it`}
      danger={danger}
      disabledReason={waiting?.yours ? t`You asked for it; somebody else has to confirm it.` : undefined}
    >
      {waiting && <WaitingNotice request={waiting} />}
      <Notice tone="amber" icon={<UsersRound aria-hidden />}>
        {notice}
      </Notice>
      {children(tried)}
      <ReasonField
        value={reason}
        onChange={setReason}
        presets={presets}
        error={(tried ? unsaid : undefined) ?? (isProblem(act.error) ? act.error.field("reason") : undefined)}
      />
      <ActError beside error={act.error} />
    </ActDialog>
  );
}
