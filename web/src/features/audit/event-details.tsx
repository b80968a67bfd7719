import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { ListFilter } from "lucide-react";
import type { AuditEvent } from "@/api/types-records";
import { useMay } from "@/session/session";
import { ButtonLink } from "@/ui/button";
import { Card, Facts } from "@/ui/page";
import { TimeText } from "@/ui/time-text";
import { ChangeTable } from "./changes";
import { ProofCard } from "./proof-card";
import { RawEntry } from "./raw-entry";
import { useAuditWords } from "./words";

/** One event of the trail: words first, then differences and proof, the stored bytes last. */
export function EventDetails({ event }: { event: AuditEvent }) {
  const { t } = useLingui();
  const words = useAuditWords();
  const reason = words.reason(event.reason);
  return (
    <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_26rem]">
      <div className="flex min-w-0 flex-col gap-4">
        {reason && (
          <Card id="reason" title={t`Reason`}>
            <p className="text-base">{reason}</p>
          </Card>
        )}
        <Card id="changes" flush title={t`What changed`}>
          {event.changes.length + event.sealed.length > 0 ? (
            <ChangeTable event={event} />
          ) : (
            <p className="p-4 text-muted">
              <Trans>No field was changed; that it happened is what is recorded.</Trans>
            </p>
          )}
        </Card>
        <Card
          id="facts"
          title={t`Circumstances`}
          actions={
            <ButtonLink
              to="/audit"
              search={{ object_type: event.object.type, object_id: event.object.id }}
              icon={<ListFilter />}
            >
              <Trans>Everything about it</Trans>
            </ButtonLink>
          }
        >
          <Facts
            items={[
              [t`When`, <TimeText key="at" at={event.at} />],
              [t`Who`, words.actor(event)],
              [t`How`, words.assurance(event.actor.assurance)],
              [t`On what`, <ObjectLink key="object" event={event} />],
              event.source?.ip
                ? [
                    t`From address`,
                    <span key="ip" className="mono">
                      {event.source.ip}
                    </span>,
                  ]
                : null,
              event.source?.user_agent
                ? [
                    t`With`,
                    <span key="agent" className="text-xs break-words">
                      {event.source.user_agent}
                    </span>,
                  ]
                : null,
              event.source?.request_id
                ? [
                    t`Request`,
                    <span key="request" className="mono break-all">
                      {event.source.request_id}
                    </span>,
                  ]
                : null,
              event.signature ? [t`Signature`, `${event.signature.meaning} (${event.signature.method})`] : null,
              event.signature
                ? [
                    t`Signed content`,
                    <span key="hash" className="mono text-xs break-all">
                      {event.signature.content_sha256}
                    </span>,
                  ]
                : null,
              [
                t`Action`,
                <code key="action" className="mono">
                  {event.action}
                </code>,
              ],
            ]}
          />
        </Card>
        <RawEntry entry={event.entry} />
      </div>
      {event.index !== null && <ProofCard index={event.index} entry={event.entry} />}
    </div>
  );
}

function ObjectLink({ event }: { event: AuditEvent }) {
  const words = useAuditWords();
  const may = useMay();
  const { type, id, label } = event.object;
  const name = (
    <>
      {words.type(type)} <span className="mono">{label ?? id}</span>
    </>
  );
  const className = "text-accent hover:underline";
  if (type === "sample" && may("sample:read"))
    return (
      <Link to="/samples/$id" params={{ id }} className={className}>
        {name}
      </Link>
    );
  if (type === "order" && may("order:read"))
    return (
      <Link to="/orders/$id" params={{ id }} className={className}>
        {name}
      </Link>
    );
  if (type === "report" && may("report:read"))
    return (
      <Link to="/reports/$id" params={{ id }} className={className}>
        {name}
      </Link>
    );
  if (type === "user" && may("user:read"))
    return (
      <Link to="/users/$id" params={{ id }} className={className}>
        {name}
      </Link>
    );
  return <>{name}</>;
}
