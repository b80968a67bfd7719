import { Trans, useLingui } from "@lingui/react/macro";
import { LifeBuoy } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import { useAct, useApiPages } from "@/api/queries";
import type { SupportAccess } from "@/api/types-platform";
import { useMay } from "@/session/session";
import { ActDialog, ReasonField } from "@/ui/act-dialog";
import { Button } from "@/ui/button";
import { type Column, DataTable } from "@/ui/data-table";
import { ActError, ErrorState, StateMessage } from "@/ui/states";
import { TimeText } from "@/ui/time-text";
import { isOpen, SupportPill } from "./state-pill";

/** Whom of the platform the laboratory let in, or may let in; each can be ended at any moment. */
export function SupportList({ emptyAction }: { emptyAction?: ReactNode }) {
  const { t } = useLingui();
  const may = useMay();
  const pages = useApiPages("GET /support-access", { query: {} });
  const [ending, setEnding] = useState<SupportAccess | null>(null);
  const { rows } = pages;
  const manages = may("user:manage");
  const columns = useMemo<Column<SupportAccess>[]>(() => {
    const end = (row: SupportAccess) =>
      manages && isOpen(row.state) ? (
        <Button onClick={() => setEnding(row)} aria-label={t`End now: ${row.operator}`}>
          <Trans>End now</Trans>
        </Button>
      ) : null;
    return [
      { id: "operator", header: t`Who`, width: "minmax(8rem, 1fr)", cell: () => null },
      { id: "state", header: t`Status`, width: "9rem", cell: (row) => <SupportPill state={row.state} /> },
      {
        id: "roles",
        header: t`As what`,
        width: "minmax(6rem, 0.8fr)",
        cell: (row) => row.roles.map((role) => role.name).join(", "),
      },
      {
        id: "reason",
        header: t`What for`,
        roomy: true,
        width: "minmax(8rem, 1.4fr)",
        cell: (row) => <span className="text-muted">{row.reason}</span>,
      },
      { id: "by", header: t`Invited by`, width: "minmax(6rem, 0.8fr)", cell: (row) => row.invited_by?.name ?? "–" },
      {
        id: "until",
        header: t`Until`,
        width: "9rem",
        cell: (row) => <TimeText at={row.ended_at ?? row.until} className="text-muted" />,
      },
      { id: "end", header: <span className="sr-only">{t`End now`}</span>, width: "7rem", cell: end },
    ];
  }, [t, manages]);
  if (pages.error && rows.length === 0)
    return <ErrorState error={pages.error} onRetry={() => void pages.refetch()} className="border-t border-line" />;
  return (
    <>
      <DataTable
        label={t`Support access`}
        columns={columns}
        rows={rows}
        loading={pages.isPending}
        hasMore={pages.hasNextPage}
        loadingMore={pages.isFetchingNextPage}
        onMore={() => void pages.fetchNextPage()}
        link={(row) => (
          <span className="min-w-0">
            <span className="block truncate font-medium">{row.operator}</span>
          </span>
        )}
        narrowHeight={120}
        narrow={(row) => (
          <div className="flex flex-col gap-1">
            <span className="flex items-center gap-2">
              <span className="min-w-0 flex-1 truncate font-medium">{row.operator}</span>
              <SupportPill state={row.state} />
            </span>
            <span className="text-muted">{row.reason}</span>
            {manages && isOpen(row.state) && (
              <Button className="self-start" onClick={() => setEnding(row)}>
                <Trans>End now</Trans>
              </Button>
            )}
          </div>
        )}
        empty={
          <StateMessage icon={<LifeBuoy />} title={t`Nobody of the platform was invited`} action={emptyAction}>
            <Trans>Without an invitation, those who run this installation see nothing of your data.</Trans>
          </StateMessage>
        }
      />
      {ending && <EndDialog access={ending} onClose={() => setEnding(null)} />}
    </>
  );
}

function EndDialog({ access, onClose }: { access: SupportAccess; onClose: () => void }) {
  const { t } = useLingui();
  const act = useAct("POST /support-access/{id}/end");
  const [reason, setReason] = useState("");
  return (
    <ActDialog
      title={t`End support access`}
      description={t`${access.operator} is out with the next request, and cannot come back without a new invitation.`}
      label={t`End now`}
      danger
      busy={act.isPending}
      onClose={onClose}
      onSubmit={() =>
        act.mutate(
          { path: { id: access.id }, body: reason.trim() ? { reason: reason.trim() } : {} },
          { onSuccess: onClose },
        )
      }
    >
      <ReasonField value={reason} onChange={setReason} required={false} presets={[t`Solved`]} />
      <ActError error={act.error} />
    </ActDialog>
  );
}
