import { createFileRoute } from "@tanstack/react-router";
import { WebhookList } from "@/features/webhooks/list";
import { Allowed } from "@/session/allowed";

export const Route = createFileRoute("/_lab/webhooks/")({ component: Webhooks });

function Webhooks() {
  return (
    <Allowed to="webhook:manage">
      <WebhookList />
    </Allowed>
  );
}
