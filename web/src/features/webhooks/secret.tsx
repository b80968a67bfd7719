import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useAct } from "@/api/queries";
import type { NewWebhook, Webhook } from "@/api/types-access";
import { ActDialog } from "@/ui/act-dialog";
import { OnceDialog } from "@/ui/once-dialog";
import { OverlapField } from "@/ui/overlap-field";
import { ActError } from "@/ui/states";
import { TimeText } from "@/ui/time-text";

/** The only moment in which the secret is seen. */
export function SecretDialog({ webhook, onClose }: { webhook: NewWebhook; onClose: () => void }) {
  const { t } = useLingui();
  return (
    <OnceDialog
      title={t`The secret of ${webhook.name}`}
      secret={webhook.secret}
      warning={
        <Trans>
          Shown now and never again. With it the other system checks that a message is ours; whoever else has it could
          pretend to be us.
        </Trans>
      }
      why={t`Put the secret where the other system reads it first; there is no second look.`}
      onClose={onClose}
    >
      {webhook.old_secret_until ? (
        <Trans>
          Until <TimeText at={webhook.old_secret_until} /> messages are signed with the old one too.
        </Trans>
      ) : (
        <Trans>Libraries for Standard Webhooks take it as it is.</Trans>
      )}
    </OnceDialog>
  );
}

/** Replaces the secret without a gap. */
export function RotateSecretDialog({
  webhook,
  onClose,
  onMade,
}: {
  webhook: Webhook;
  onClose: () => void;
  onMade: (webhook: NewWebhook) => void;
}) {
  const { t } = useLingui();
  const act = useAct("POST /webhooks/{id}/rotate-secret");
  const [overlap, setOverlap] = useState("1440");
  return (
    <ActDialog
      title={t`Replace the secret of ${webhook.name}`}
      onClose={onClose}
      onSubmit={() =>
        act.mutate(
          {
            path: { id: webhook.id },
            body: { overlap_minutes: Number(overlap) },
            options: { version: webhook.version },
          },
          { onSuccess: onMade },
        )
      }
      busy={act.isPending}
      label={t`Make the new secret`}
    >
      <p>
        <Trans>
          For a while messages carry signatures of both, so that nothing stops while the other system is changed.
        </Trans>
      </p>
      <OverlapField value={overlap} onChange={setOverlap} />
      <ActError error={act.error} />
    </ActDialog>
  );
}
