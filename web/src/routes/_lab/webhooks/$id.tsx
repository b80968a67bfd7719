import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { ScrollText } from "lucide-react";
import type { Webhook } from "@/api/types-access";
import { TestButton, WebhookActs } from "@/features/webhooks/acts";
import { Deliveries } from "@/features/webhooks/deliveries";
import { useEventName } from "@/features/webhooks/event-name";
import { WebhookPill } from "@/features/webhooks/pills";
import { Allowed } from "@/session/allowed";
import { useMay } from "@/session/session";
import { Loaded } from "@/shell/loaded";
import { ButtonLink } from "@/ui/button";
import { Card, Facts, Notice, Page } from "@/ui/page";
import { TimeText } from "@/ui/time-text";
import { UpLink } from "@/ui/up-link";

export const Route = createFileRoute("/_lab/webhooks/$id")({ component: WebhookPage });

function WebhookPage() {
  const { id } = Route.useParams();
  return (
    <Allowed to="webhook:manage">
      <Loaded read="GET /webhooks/{id}" input={{ path: { id } }}>
        {(webhook) => <One webhook={webhook} />}
      </Loaded>
    </Allowed>
  );
}

function One({ webhook }: { webhook: Webhook }) {
  const { t } = useLingui();
  const may = useMay();
  const name = useEventName();
  return (
    <Page
      above={
        <UpLink to="/webhooks">
          <Trans>Webhooks</Trans>
        </UpLink>
      }
      title={webhook.name}
      marks={<WebhookPill webhook={webhook} />}
      lead={<span className="mono break-all">{webhook.url}</span>}
      actions={<WebhookActs webhook={webhook} />}
    >
      <State webhook={webhook} />
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <Deliveries webhook={webhook} />
        <div className="flex min-w-0 flex-col gap-4">
          <Card id="test" title={t`Does it work?`}>
            <p className="mb-3 text-muted">
              <Trans>A test tells of nothing; it only shows whether the other system takes a message.</Trans>
            </p>
            <TestButton webhook={webhook} />
          </Card>
          <Card id="events" title={t`What is told`}>
            <ul className="flex flex-col gap-1">
              {webhook.events.map((event) => (
                <li key={event}>
                  {name(event)} <code className="mono text-xs text-muted">{event}</code>
                </li>
              ))}
            </ul>
          </Card>
          <Card id="record" title={t`Record`}>
            <Facts
              items={[
                [t`Last delivered`, <TimeText key="delivered" at={webhook.last_delivered_at} />],
                [t`Waiting`, webhook.waiting],
                webhook.old_secret_until !== null && [
                  t`Old secret until`,
                  <TimeText key="old" at={webhook.old_secret_until} />,
                ],
                [t`Added`, <TimeText key="added" at={webhook.created_at} />],
                [t`Added by`, webhook.created_by?.name],
                [t`Last changed`, <TimeText key="changed" at={webhook.updated_at} />],
              ]}
            />
            {may("audit:read") && (
              <ButtonLink to="/audit" search={{ object_id: webhook.id }} icon={<ScrollText />} className="mt-4">
                <Trans>Its changes</Trans>
              </ButtonLink>
            )}
          </Card>
        </div>
      </div>
    </Page>
  );
}

/** What somebody should know before anything else. */
function State({ webhook }: { webhook: Webhook }) {
  if (webhook.paused && webhook.paused.cause !== "person")
    return (
      <Notice tone="red" className="mb-4">
        {webhook.paused.cause === "gone" ? (
          <Trans>
            The other system said that it wants no more messages, so sending was paused{" "}
            <TimeText at={webhook.paused.at} />. Resume it when that was a mistake.
          </Trans>
        ) : (
          <Trans>
            Nothing could be delivered for three days, so sending was paused <TimeText at={webhook.paused.at} />. Resume
            it when the other system works again.
          </Trans>
        )}
      </Notice>
    );
  if (webhook.failing_since && !webhook.paused)
    return (
      <Notice tone="amber" className="mb-4">
        <Trans>
          Nothing was delivered since <TimeText at={webhook.failing_since} />. Messages wait up to 24 hours and are sent
          in order when the other system answers again.
        </Trans>
      </Notice>
    );
  return null;
}
