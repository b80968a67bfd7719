import { Trans } from "@lingui/react/macro";
import { CircleAlert, CircleCheckBig, CirclePause, CircleX, Clock, TriangleAlert } from "lucide-react";
import type { Webhook, WebhookDelivery } from "@/api/types-access";
import { Pill } from "@/ui/pill";

/** Whether a webhook is sent to, and whether it works. */
export function WebhookPill({ webhook }: { webhook: Webhook }) {
  if (webhook.paused)
    return webhook.paused.cause === "person" ? (
      <Pill tone="grey" icon={<CirclePause aria-hidden />}>
        <Trans>Paused</Trans>
      </Pill>
    ) : (
      <Pill tone="red" icon={<CircleAlert aria-hidden />}>
        <Trans>Paused by itself</Trans>
      </Pill>
    );
  if (webhook.failing_since)
    return (
      <Pill tone="amber" icon={<TriangleAlert aria-hidden />}>
        <Trans>Failing</Trans>
      </Pill>
    );
  return (
    <Pill tone="green" icon={<CircleCheckBig aria-hidden />}>
      <Trans>Active</Trans>
    </Pill>
  );
}

/** Where a message has got to. */
export function DeliveryPill({ status }: { status: WebhookDelivery["status"] }) {
  if (status === "delivered")
    return (
      <Pill tone="green" icon={<CircleCheckBig aria-hidden />}>
        <Trans>Delivered</Trans>
      </Pill>
    );
  if (status === "failed")
    return (
      <Pill tone="red" icon={<CircleX aria-hidden />}>
        <Trans>Not delivered</Trans>
      </Pill>
    );
  return (
    <Pill tone="blue" icon={<Clock aria-hidden />}>
      <Trans>Waiting</Trans>
    </Pill>
  );
}
