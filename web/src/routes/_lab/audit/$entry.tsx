import { Trans } from "@lingui/react/macro";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useLingui } from "@lingui/react/macro";
import { queryClient } from "@/api/queries";
import { auditEventAt } from "@/api/records";
import { EventDetails } from "@/features/audit/event-details";
import { useAuditWords } from "@/features/audit/words";
import { useMay } from "@/session/session";
import { ButtonLink } from "@/ui/button";
import { Page } from "@/ui/page";
import { ForbiddenState } from "@/ui/states";
import { TimeText } from "@/ui/time-text";
import { UpLink } from "@/ui/up-link";

export const Route = createFileRoute("/_lab/audit/$entry")({
  loader: ({ params, context }) =>
    context.me.permissions.includes("audit:read") ? queryClient.ensureQueryData(auditEventAt(params.entry)) : null,
  component: EventPage,
});

function EventPage() {
  return useMay()("audit:read") ? <EventBody /> : <ForbiddenState />;
}

function EventBody() {
  const { t } = useLingui();
  const { entry: index } = Route.useParams();
  const { data: event } = useSuspenseQuery(auditEventAt(index));
  const words = useAuditWords();
  const number = Number(index);
  return (
    <Page
      documentTitle={`#${index}`}
      above={
        <>
          <UpLink to="/audit">
            <Trans>Audit trail</Trans>
          </UpLink>
          <ChevronRight aria-hidden className="size-3" />
          <span className="mono">#{index}</span>
        </>
      }
      title={
        // A sentence may be long; it stays a heading and does not fill a phone.
        <span className={event.sentence.length > 80 ? "block text-base tracking-normal sm:text-lg" : undefined}>
          {words.sentence(event.sentence)}
        </span>
      }
      lead={<TimeText at={event.at} />}
      actions={
        <>
          {number > 0 && (
            <ButtonLink
              to="/audit/$entry"
              params={{ entry: String(number - 1) }}
              aria-label={t`Entry before`}
              icon={<ChevronLeft />}
            />
          )}
          <ButtonLink
            to="/audit/$entry"
            params={{ entry: String(number + 1) }}
            aria-label={t`Entry after`}
            icon={<ChevronRight />}
          />
        </>
      }
    >
      <EventDetails event={event} />
    </Page>
  );
}
