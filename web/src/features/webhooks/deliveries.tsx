import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Inbox, RotateCw } from "lucide-react";
import { useState } from "react";
import { useAct, useApiPages } from "@/api/queries";
import type { Webhook, WebhookDelivery } from "@/api/types-access";
import { Button } from "@/ui/button";
import { ChoiceField } from "@/ui/field";
import { Card } from "@/ui/page";
import { ActError, ErrorState, Skeleton, StateMessage } from "@/ui/states";
import { TimeText } from "@/ui/time-text";
import { DeliveryPill } from "./pills";
import { useEventName } from "./event-name";

type Shown = "all" | WebhookDelivery["status"];

/** What became of the messages, newest first. */
export function Deliveries({ webhook }: { webhook: Webhook }) {
  const { t } = useLingui();
  const [shown, setShown] = useState<Shown>("all");
  const pages = useApiPages(
    "GET /webhooks/{id}/deliveries",
    { path: { id: webhook.id }, query: shown === "all" ? {} : { status: shown } },
    25,
  );
  const again = useAct("POST /webhooks/{id}/deliveries/{delivery}/redeliver");
  return (
    <Card
      id="deliveries"
      flush
      title={t`Messages`}
      actions={
        <Button tone="ghost" icon={<RotateCw />} busy={pages.isRefetching} onClick={() => void pages.refetch()}>
          <Trans>Read again</Trans>
        </Button>
      }
    >
      <div className="border-b border-line px-4 py-3">
        <ChoiceField<Shown>
          label={t`Which messages`}
          hideLabel
          value={shown}
          onChange={setShown}
          options={[
            { value: "all", label: t`All` },
            { value: "waiting", label: t`Waiting` },
            { value: "delivered", label: t`Delivered` },
            { value: "failed", label: t`Not delivered` },
          ]}
        />
      </div>
      <ActError error={again.error} className="m-4" />
      {pages.error && pages.rows.length === 0 ? (
        <ErrorState error={pages.error} onRetry={() => void pages.refetch()} className="py-8" />
      ) : pages.isPending ? (
        <Skeleton className="m-4 h-24" />
      ) : pages.rows.length === 0 ? (
        <StateMessage className="py-10" icon={<Inbox />} title={t`No message`}>
          {shown === "all" ? (
            <Trans>What happens from now on appears here. Send a test to see whether the address works.</Trans>
          ) : (
            <Trans>None of the messages is in this state.</Trans>
          )}
        </StateMessage>
      ) : (
        <ul>
          {pages.rows.map((delivery) => (
            <Delivery
              key={delivery.id}
              delivery={delivery}
              off={webhook.paused ? t`The webhook is paused.` : undefined}
              busy={again.isPending && again.variables.path.delivery === delivery.id}
              onAgain={() => again.mutate({ path: { id: webhook.id, delivery: delivery.id }, body: {} })}
            />
          ))}
        </ul>
      )}
      {pages.hasNextPage && (
        <div className="border-t border-line px-4 py-3">
          <Button busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            <Trans>Show more</Trans>
          </Button>
        </div>
      )}
    </Card>
  );
}

function Delivery({
  delivery,
  off,
  busy,
  onAgain,
}: {
  delivery: WebhookDelivery;
  off: string | undefined;
  busy: boolean;
  onAgain: () => void;
}) {
  const name = useEventName();
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-3 last:border-0">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium">{name(delivery.type)}</span>
          {delivery.object?.label && <span className="mono text-muted">{delivery.object.label}</span>}
          <DeliveryPill status={delivery.status} />
        </p>
        <p className="text-xs text-muted">
          <TimeText at={delivery.at} />
          {delivery.attempts > 0 && (
            <>
              {" · "}
              <Plural value={delivery.attempts} one="tried once" other="tried # times" />
            </>
          )}
          {delivery.http_status !== null && <> · HTTP {delivery.http_status}</>}
          {delivery.duration_ms !== null && <> · {delivery.duration_ms} ms</>}
        </p>
        {delivery.error && <p className="text-xs text-red">{delivery.error.message}</p>}
        {delivery.next_attempt_at && delivery.attempts > 0 && (
          <p className="text-xs text-muted">
            <Trans>
              Next try: <TimeText at={delivery.next_attempt_at} />
            </Trans>
          </p>
        )}
      </div>
      {delivery.event_id && (
        <Button icon={<RotateCw />} busy={busy} disabledReason={off} onClick={onAgain}>
          <Trans>Send again</Trans>
        </Button>
      )}
    </li>
  );
}
