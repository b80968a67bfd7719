import { Trans, useLingui } from "@lingui/react/macro";
import { DoorOpen, LifeBuoy } from "lucide-react";
import { useMemo } from "react";
import { useAct, useApiPages } from "@/api/queries";
import type { SupportInvitation } from "@/api/types-platform";
import { isOpen, SupportPill } from "@/features/support/state-pill";
import { Button } from "@/ui/button";
import { type Column, DataTable } from "@/ui/data-table";
import { ActError, ErrorState, StateMessage } from "@/ui/states";
import { TimeText } from "@/ui/time-text";

/** The laboratories that invited the operator, and the door into each. */
export function InvitationList() {
  const { t } = useLingui();
  const pages = useApiPages("GET /platform/support-access", { query: {} });
  const act = useAct("POST /platform/support-access/{id}/enter");
  const { rows } = pages;
  const { mutate, isPending } = act;
  const columns = useMemo<Column<SupportInvitation>[]>(() => {
    const enter = (row: SupportInvitation) =>
      isOpen(row.state) ? (
        <EnterButton busy={isPending} onEnter={() => mutate({ path: { id: row.id }, body: {} }, cameIn)} />
      ) : null;
    return [
      { id: "laboratory", header: t`Laboratory`, width: "minmax(12rem, 1fr)", cell: () => null },
      { id: "state", header: t`Status`, width: "10rem", cell: (row) => <SupportPill state={row.state} /> },
      {
        id: "reason",
        header: t`What for`,
        width: "minmax(12rem, 1.6fr)",
        cell: (row) => <span className="text-muted">{row.reason}</span>,
      },
      {
        id: "until",
        header: t`Until`,
        width: "9rem",
        cell: (row) => <TimeText at={row.ended_at ?? row.until} className="text-muted" />,
      },
      { id: "enter", header: <span className="sr-only">{t`Enter`}</span>, width: "8rem", cell: enter },
    ];
  }, [t, mutate, isPending]);
  if (pages.error && rows.length === 0)
    return <ErrorState error={pages.error} onRetry={() => void pages.refetch()} className="border-t border-line" />;
  return (
    <>
      <div className="px-4 sm:px-6">
        <ActError error={act.error} />
      </div>
      <DataTable
        label={t`Invitations`}
        columns={columns}
        rows={rows}
        loading={pages.isPending}
        hasMore={pages.hasNextPage}
        loadingMore={pages.isFetchingNextPage}
        onMore={() => void pages.fetchNextPage()}
        link={(row) => <span className="truncate font-medium">{row.laboratory.name}</span>}
        narrowHeight={120}
        narrow={(row) => (
          <div className="flex flex-col gap-1">
            <span className="flex items-center gap-2">
              <span className="min-w-0 flex-1 truncate font-medium">{row.laboratory.name}</span>
              <SupportPill state={row.state} />
            </span>
            <span className="text-muted">{row.reason}</span>
            {isOpen(row.state) && (
              <EnterButton busy={isPending} onEnter={() => mutate({ path: { id: row.id }, body: {} }, cameIn)} />
            )}
          </div>
        )}
        empty={
          <StateMessage icon={<LifeBuoy />} title={t`No laboratory has invited you`}>
            <Trans>An administrator of a laboratory invites by your e-mail address.</Trans>
          </StateMessage>
        }
      />
    </>
  );
}

/** The session is the laboratory's now: everything on screen is read anew, as somebody else. */
const cameIn = { onSuccess: () => window.location.replace("/") };

function EnterButton({ busy, onEnter }: { busy: boolean; onEnter: () => void }) {
  return (
    <Button tone="primary" icon={<DoorOpen />} busy={busy} onClick={onEnter} className="self-start">
      <Trans>Enter</Trans>
    </Button>
  );
}
