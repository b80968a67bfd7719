import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { ScrollText, Signature } from "lucide-react";
import { useEffect, useRef } from "react";
import { useApiPages } from "@/api/queries";
import type { AuditEvent } from "@/api/types-records";
import { useMe } from "@/session/session";
import { useTime } from "@/session/time";
import { ErrorState, Skeleton, StateMessage } from "@/ui/states";
import { Pill } from "@/ui/pill";
import { ChangeLine } from "./changes";
import { type AuditSearch, auditQuery } from "./search";
import { useAuditWords } from "./words";

/** Changes shown in the list; the others are on the event's own page. */
const SHOWN = 3;

/** The trail, newest first, in sentences, a heading for each day. */
export function EventList({ search }: { search: AuditSearch }) {
  const { t } = useLingui();
  const me = useMe();
  const time = useTime();
  const pages = useApiPages("GET /audit/events", { query: auditQuery(search, me.laboratory.timezone) });
  const { rows, hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = end.current;
    if (!element || !hasNextPage || typeof IntersectionObserver === "undefined") return;
    const observer = new IntersectionObserver(
      (seen) => seen.some((each) => each.isIntersecting) && !isFetchingNextPage && void fetchNextPage(),
      { rootMargin: "600px" },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, rows.length]);

  if (pages.error && rows.length === 0) return <ErrorState error={pages.error} onRetry={() => void pages.refetch()} />;
  if (pages.isPending)
    return (
      <div aria-busy className="flex flex-col gap-3 rounded-lg border border-line bg-surface p-4">
        {Array.from({ length: 9 }, (_, index) => (
          <Skeleton key={index} className="h-9 w-full" />
        ))}
      </div>
    );
  if (rows.length === 0)
    return (
      <StateMessage
        className="rounded-lg border border-line bg-surface"
        icon={<ScrollText />}
        title={Object.keys(search).length > 0 ? t`Nothing in the trail matches these filters` : t`The trail is empty`}
      >
        <Trans>Every act is written here by itself; nobody can add, change or remove a line.</Trans>
      </StateMessage>
    );
  const days = new Map<string, AuditEvent[]>();
  for (const event of rows) days.set(time.date(event.at), [...(days.get(time.date(event.at)) ?? []), event]);
  return (
    <div className="flex flex-col gap-5">
      {[...days].map(([day, events]) => (
        <section key={day} aria-labelledby={`day-${day}`}>
          <h2 id={`day-${day}`} className="mono mb-1.5 text-xs font-medium text-muted">
            {day}
          </h2>
          <ol className="rounded-lg border border-line bg-surface">
            {events.map((event) => (
              <EventRow key={event.id} event={event} />
            ))}
          </ol>
        </section>
      ))}
      <div ref={end}>{isFetchingNextPage && <Skeleton className="h-9 w-full" />}</div>
    </div>
  );
}

function EventRow({ event }: { event: AuditEvent }) {
  const { t } = useLingui();
  const words = useAuditWords();
  const time = useTime();
  const reason = words.reason(event.reason);
  const sentence = <span className="font-medium text-ink">{words.sentence(event.sentence)}</span>;
  return (
    <li className="relative grid gap-x-4 gap-y-1 border-b border-line px-4 py-2.5 last:border-0 hover:bg-hover has-focus-visible:bg-selected sm:grid-cols-[3.5rem_minmax(0,1fr)_auto]">
      <time dateTime={event.at} title={time.full(event.at)} className="mono text-muted">
        {time.dateTime(event.at).slice(11)}
      </time>
      <div className="flex min-w-0 flex-col items-start gap-1">
        {event.index === null ? (
          sentence
        ) : (
          <Link
            to="/audit/$entry"
            params={{ entry: String(event.index) }}
            className="outline-none after:absolute after:inset-0 after:content-[''] focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
          >
            {sentence}
          </Link>
        )}
        {event.changes.length + event.sealed.length > 0 && (
          <span className="flex max-w-full flex-wrap gap-x-4 gap-y-1 text-xs">
            {event.changes.slice(0, SHOWN).map((change) => (
              <ChangeLine key={change.path} change={change} />
            ))}
            {event.sealed.length > 0 && (
              <span className="text-muted">
                <Trans>sealed personal data</Trans>
              </span>
            )}
            {event.changes.length > SHOWN && (
              <span className="text-muted">{t`+ ${event.changes.length - SHOWN} more`}</span>
            )}
          </span>
        )}
        {reason && <span className="border-s-2 border-line-strong ps-2 text-xs text-muted">{reason}</span>}
      </div>
      <span className="flex items-start gap-2 text-xs text-muted">
        {event.signature && (
          <Pill tone="accent" icon={<Signature aria-hidden />}>
            <Trans>Signature</Trans>
          </Pill>
        )}
        {event.index === null ? <Trans>being sealed</Trans> : <span className="mono">#{event.index}</span>}
      </span>
    </li>
  );
}
