import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Lock, Monitor } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useAct, useApiPages } from "@/api/queries";
import type { LaboratorySession } from "@/api/types-access";
import { ActDialog } from "@/ui/act-dialog";
import { Button } from "@/ui/button";
import { type Column, rowLinkClass } from "@/ui/data-table";
import { ChoiceField } from "@/ui/field";
import { ListPage } from "@/ui/list-page";
import { Pill } from "@/ui/pill";
import { ActError } from "@/ui/states";
import { TimeText } from "@/ui/time-text";

/** Every living session of the laboratory, newest first; each can be ended, alone or with all of its person's. */
export function LaboratorySessions() {
  const { t } = useLingui();
  const pages = useApiPages("GET /sessions", { query: {} });
  const [ending, setEnding] = useState<LaboratorySession | null>(null);
  const columns: Column<LaboratorySession>[] = [
    {
      id: "device",
      header: t`Device`,
      width: "minmax(11rem, 1fr)",
      cell: (row) => <span title={row.user_agent ?? undefined}>{row.device ?? t`Unknown program`}</span>,
    },
    {
      id: "address",
      header: t`Address`,
      width: "10rem",
      cell: (row) => row.ip && <span className="mono">{row.ip}</span>,
    },
    { id: "since", header: t`Since`, roomy: true, width: "9.5rem", cell: (row) => <TimeText at={row.created_at} /> },
    {
      id: "seen",
      header: t`Last seen`,
      width: "9.5rem",
      cell: (row) => <TimeText at={row.last_seen_at} className="text-muted" />,
    },
    { id: "state", header: t`State`, width: "8rem", cell: (row) => <SessionPill session={row} /> },
  ];
  return (
    <ListPage
      title={t`Signed in now`}
      lead={t`Every living session of the laboratory, parked and locked ones too, newest first.`}
      pages={pages}
      name={{
        header: t`Who`,
        width: "minmax(11rem, 1fr)",
        of: (row) => (
          <Link to="/users/$id" params={{ id: row.user.id }} className={rowLinkClass}>
            {row.user.name}
          </Link>
        ),
      }}
      columns={columns}
      narrow={{
        height: 96,
        marks: (row) => <SessionPill session={row} />,
        second: (row) => (
          <>
            <span className="block truncate">
              {[row.device ?? t`Unknown program`, row.ip].filter(Boolean).join(" · ")}
            </span>
            <span className="block truncate text-xs">
              <Trans>
                last seen <TimeText at={row.last_seen_at} />
              </Trans>
            </span>
          </>
        ),
      }}
      act={{ label: t`Sign out`, width: "6rem", of: (row) => <EndButton session={row} onEnd={setEnding} /> }}
      empty={{ icon: <Monitor />, title: t`Nobody is signed in` }}
    >
      {ending && <EndDialog session={ending} onClose={() => setEnding(null)} />}
    </ListPage>
  );
}

function SessionPill({ session }: { session: LaboratorySession }): ReactNode {
  if (session.current)
    return (
      <Pill tone="green">
        <Trans>This one</Trans>
      </Pill>
    );
  return session.locked ? (
    <Pill tone="grey" icon={<Lock aria-hidden />}>
      <Trans>Locked</Trans>
    </Pill>
  ) : null;
}

function EndButton({ session, onEnd }: { session: LaboratorySession; onEnd: (session: LaboratorySession) => void }) {
  const { t } = useLingui();
  return (
    <Button
      tone="ghost"
      className="text-red aria-disabled:text-muted"
      aria-label={t`End a session of ${session.user.name}…`}
      onClick={() => onEnd(session)}
      disabledReason={session.current ? t`Sign out in the menu instead.` : undefined}
    >
      <Trans>End…</Trans>
    </Button>
  );
}

function EndDialog({ session, onClose }: { session: LaboratorySession; onClose: () => void }) {
  const { t } = useLingui();
  const one = useAct("DELETE /users/{id}/sessions/{session}");
  const all = useAct("POST /users/{id}/end-sessions");
  const [which, setWhich] = useState<"one" | "all">("one");
  const { user } = session;
  const device = session.device ?? t`Unknown program`;
  const end = () =>
    which === "one"
      ? one.mutate({ path: { id: user.id, session: session.id } }, { onSuccess: onClose })
      : all.mutate({ path: { id: user.id }, body: {} }, { onSuccess: onClose });
  return (
    <ActDialog
      danger
      title={t`Sign out ${user.name}`}
      onClose={onClose}
      onSubmit={end}
      busy={one.isPending || all.isPending}
      label={which === "one" ? t`End the session` : t`End sessions`}
    >
      <ChoiceField
        label={t`Which`}
        value={which}
        onChange={setWhich}
        options={[
          { value: "one", label: [device, session.ip].filter(Boolean).join(" · ") },
          { value: "all", label: t`All of this person's` },
        ]}
      />
      <p className="text-muted">
        <Trans>It counts from the next request on. What was typed there and not sent stays on that computer.</Trans>
      </p>
      <ActError error={one.error ?? all.error} />
    </ActDialog>
  );
}
