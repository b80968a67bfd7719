import { Trans, useLingui } from "@lingui/react/macro";
import { Lock, Monitor, Smartphone } from "lucide-react";
import type { ReactNode } from "react";
import { useAct, useApi } from "@/api/queries";
import type { Session } from "@/api/types-access";
import { Button } from "@/ui/button";
import { Card } from "@/ui/page";
import { Pill } from "@/ui/pill";
import { ActError, ErrorState, Skeleton, StateMessage } from "@/ui/states";
import { TimeText } from "@/ui/time-text";

/** Where one is signed in, this browser first; the others can be ended here. */
export function OwnSessions() {
  const { t } = useLingui();
  const sessions = useApi("GET /auth/sessions", { query: { limit: 100 } });
  const one = useAct("DELETE /auth/sessions/{id}");
  const others = useAct("POST /auth/sessions/end-others");
  const rows = (sessions.data?.items ?? []).toSorted((a, b) => Number(b.current) - Number(a.current));
  return (
    <SessionsCard
      title={t`Where you are signed in`}
      query={sessions}
      actions={
        <Button
          busy={others.isPending}
          onClick={() => others.mutate({ body: {} })}
          disabledReason={rows.length > 1 ? undefined : t`You are signed in nowhere else.`}
        >
          <Trans>End all others</Trans>
        </Button>
      }
    >
      <ActError error={others.error ?? one.error} className="m-4" />
      <ul>
        {rows.map((session) => (
          <SessionRow
            key={session.id}
            session={session}
            busy={one.isPending && one.variables.path.id === session.id}
            onEnd={() => one.mutate({ path: { id: session.id } })}
            fixed={session.current ? t`Sign out in the menu instead.` : undefined}
          />
        ))}
      </ul>
    </SessionsCard>
  );
}

/** Where somebody else is signed in, for whoever looks after people. */
export function PersonsSessions({ user, locked }: { user: string; locked: string | undefined }) {
  const { t } = useLingui();
  const sessions = useApi("GET /users/{id}/sessions", { path: { id: user }, query: { limit: 100 } });
  const one = useAct("DELETE /users/{id}/sessions/{session}");
  return (
    <SessionsCard title={t`Signed in`} query={sessions}>
      <ActError error={one.error} className="m-4" />
      {sessions.data?.items.length === 0 ? (
        <StateMessage className="py-8" icon={<Monitor />} title={t`Nowhere at the moment`} />
      ) : (
        <ul>
          {sessions.data?.items.map((session) => (
            <SessionRow
              key={session.id}
              session={session}
              busy={one.isPending && one.variables.path.session === session.id}
              onEnd={() => one.mutate({ path: { id: user, session: session.id } })}
              fixed={locked}
            />
          ))}
        </ul>
      )}
    </SessionsCard>
  );
}

function SessionsCard({
  title,
  actions,
  query,
  children,
}: {
  title: string;
  actions?: ReactNode;
  query: { error: unknown; isPending: boolean; refetch: () => unknown };
  children: ReactNode;
}) {
  return (
    <Card id="sessions" flush title={title} actions={actions}>
      {query.error ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} className="py-8" />
      ) : query.isPending ? (
        <Skeleton className="m-4 h-12" />
      ) : (
        children
      )}
    </Card>
  );
}

function SessionRow({
  session,
  busy,
  onEnd,
  fixed,
}: {
  session: Session;
  busy: boolean;
  onEnd: () => void;
  /** Why it cannot be ended here. */
  fixed: string | undefined;
}) {
  const { t } = useLingui();
  const mobile = /Mobile|Android|iPhone/.test(session.user_agent ?? session.device ?? "");
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-3 last:border-0">
      <span aria-hidden className="grid size-9 shrink-0 place-items-center rounded-md bg-accent-tint text-accent">
        {mobile ? <Smartphone className="size-5" /> : <Monitor className="size-5" />}
      </span>
      <div className="min-w-0 flex-1 basis-44">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          <span title={session.user_agent ?? undefined}>{session.device ?? t`Unknown program`}</span>
          {session.current && (
            <Pill tone="green">
              <Trans>This one</Trans>
            </Pill>
          )}
          {session.locked && (
            <Pill tone="grey" icon={<Lock aria-hidden />}>
              <Trans>Locked</Trans>
            </Pill>
          )}
        </p>
        <p className="flex flex-wrap gap-x-3 text-xs text-muted *:whitespace-nowrap">
          {session.ip && <span className="mono">{session.ip}</span>}
          <span>
            <Trans>
              last seen <TimeText at={session.last_seen_at} />
            </Trans>
          </span>
          <span>
            <Trans>
              since <TimeText at={session.created_at} />
            </Trans>
          </span>
        </p>
      </div>
      <Button tone="danger" busy={busy} onClick={onEnd} disabledReason={fixed}>
        <Trans>End</Trans>
      </Button>
    </li>
  );
}
