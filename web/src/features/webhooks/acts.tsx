import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { CirclePause, CirclePlay, KeyRound, Pencil, Send, Trash2 } from "lucide-react";
import { useState } from "react";
import { useAct } from "@/api/queries";
import type { NewWebhook, Webhook, WebhookDelivery } from "@/api/types-access";
import { ActDialog } from "@/ui/act-dialog";
import { Button } from "@/ui/button";
import { Notice } from "@/ui/page";
import { ReasonDialog } from "@/ui/reason-dialog";
import { ActError } from "@/ui/states";
import { EditWebhookDialog } from "./form";
import { RotateSecretDialog, SecretDialog } from "./secret";

type Open = "edit" | "rotate" | "switch" | "delete" | { made: NewWebhook } | null;

/** What can be done to a webhook. */
export function WebhookActs({ webhook }: { webhook: Webhook }) {
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  return (
    <>
      <Button icon={<Pencil />} onClick={() => setOpen("edit")}>
        <Trans>Change…</Trans>
      </Button>
      <Button icon={<KeyRound />} onClick={() => setOpen("rotate")}>
        <Trans>Replace the secret…</Trans>
      </Button>
      <Button icon={webhook.paused ? <CirclePlay /> : <CirclePause />} onClick={() => setOpen("switch")}>
        {webhook.paused ? <Trans>Resume…</Trans> : <Trans>Pause…</Trans>}
      </Button>
      <Button tone="danger" icon={<Trash2 />} onClick={() => setOpen("delete")}>
        <Trans>Delete…</Trans>
      </Button>
      {open === "edit" && <EditWebhookDialog webhook={webhook} onClose={close} />}
      {open === "rotate" && (
        <RotateSecretDialog webhook={webhook} onClose={close} onMade={(made) => setOpen({ made })} />
      )}
      {open === "switch" && <SwitchDialog webhook={webhook} onClose={close} />}
      {open === "delete" && <DeleteDialog webhook={webhook} onClose={close} />}
      {open && typeof open === "object" && <SecretDialog webhook={open.made} onClose={close} />}
    </>
  );
}

function SwitchDialog({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const { t } = useLingui();
  const pause = useAct("POST /webhooks/{id}/pause");
  const resume = useAct("POST /webhooks/{id}/resume");
  const act = webhook.paused ? resume : pause;
  return (
    <ReasonDialog
      title={webhook.paused ? t`Resume ${webhook.name}` : t`Pause ${webhook.name}`}
      description={
        webhook.paused
          ? t`What waits is sent at once. What happened during the pause is not sent later.`
          : t`Nothing is sent until it is resumed. What happens meanwhile is not sent later.`
      }
      presets={webhook.paused ? [t`The other system works again`] : [t`The other system is being changed`]}
      required={false}
      label={webhook.paused ? t`Resume` : t`Pause`}
      busy={act.isPending}
      error={act.error}
      onClose={onClose}
      onSubmit={(reason) =>
        act.mutate(
          { path: { id: webhook.id }, body: reason ? { reason } : {}, options: { version: webhook.version } },
          { onSuccess: onClose },
        )
      }
    />
  );
}

function DeleteDialog({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const act = useAct("DELETE /webhooks/{id}");
  return (
    <ActDialog
      danger
      title={t`Delete the webhook ${webhook.name}?`}
      description={t`The other system is told nothing more. Messages that wait are gone, and so is the list of those that were sent.`}
      label={t`Delete`}
      icon={<Trash2 />}
      busy={act.isPending}
      onClose={onClose}
      onSubmit={() =>
        act.mutate(
          { path: { id: webhook.id }, options: { version: webhook.version } },
          { onSuccess: () => void navigate({ to: "/webhooks" }) },
        )
      }
    >
      <ActError error={act.error} />
    </ActDialog>
  );
}

/** Sends a message that tells of nothing, and says what became of it. */
export function TestButton({ webhook }: { webhook: Webhook }) {
  const act = useAct("POST /webhooks/{id}/test");
  return (
    <div className="flex flex-col gap-3">
      <Button
        className="self-start"
        icon={<Send />}
        busy={act.isPending}
        onClick={() => act.mutate({ path: { id: webhook.id }, body: {} })}
      >
        <Trans>Send a test</Trans>
      </Button>
      {act.data && <Outcome delivery={act.data} />}
      <ActError error={act.error} />
    </div>
  );
}

function Outcome({ delivery }: { delivery: WebhookDelivery }) {
  if (delivery.status === "delivered")
    return (
      <Notice tone="green">
        <Trans>
          It arrived: HTTP {delivery.http_status}, {delivery.duration_ms} ms.
        </Trans>
      </Notice>
    );
  return (
    <Notice tone="red">
      {delivery.error?.message}
      {delivery.http_status !== null && <> (HTTP {delivery.http_status})</>}
    </Notice>
  );
}
