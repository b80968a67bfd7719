import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { ClipboardCheck } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import { useApiPages } from "@/api/queries";
import type { AccessReviewSummary } from "@/api/types-access";
import { type Column, DataTable, rowLinkClass } from "@/ui/data-table";
import { ErrorState, StateMessage } from "@/ui/states";
import { TimeText } from "@/ui/time-text";
import { ReviewPill } from "./status";

/** Every review there was, newest first; a finished one leads to its signed record. */
export function AccessReviewList({ emptyAction }: { emptyAction?: ReactNode }) {
  const { t } = useLingui();
  const pages = useApiPages("GET /access-reviews", { query: {} });
  const { rows } = pages;
  const columns = useMemo<Column<AccessReviewSummary>[]>(
    () => [
      { id: "number", header: t`Review`, width: "minmax(6rem, 0.6fr)", cell: () => null },
      { id: "status", header: t`Status`, width: "9rem", cell: (row) => <ReviewPill review={row} /> },
      {
        id: "opened",
        header: t`Opened`,
        width: "10rem",
        cell: (row) => <TimeText at={row.opened_at} className="text-muted" />,
      },
      {
        id: "decided",
        header: t`Decided`,
        width: "minmax(10rem, 1fr)",
        cell: (row) => <Outcome review={row} />,
      },
      {
        id: "finished",
        header: t`Finished`,
        width: "10rem",
        cell: (row) => <TimeText at={row.finished_at} className="text-muted" />,
      },
      {
        id: "by",
        header: t`Confirmed by`,
        roomy: true,
        width: "minmax(9rem, 1fr)",
        cell: (row) => row.finished_by?.name ?? <span className="text-faint">–</span>,
      },
    ],
    [t],
  );
  if (pages.error && rows.length === 0)
    return <ErrorState error={pages.error} onRetry={() => void pages.refetch()} className="border-t border-line" />;
  return (
    <DataTable
      label={t`Access reviews`}
      columns={columns}
      rows={rows}
      loading={pages.isPending}
      hasMore={pages.hasNextPage}
      loadingMore={pages.isFetchingNextPage}
      onMore={() => void pages.fetchNextPage()}
      link={(row) => (
        <Link to="/access-reviews/$id" params={{ id: row.id }} className={rowLinkClass}>
          {row.number}
        </Link>
      )}
      narrow={(row) => (
        <div className="flex flex-col gap-1">
          <span className="flex items-center gap-2">
            <span className="min-w-0 flex-1 truncate">
              <Link to="/access-reviews/$id" params={{ id: row.id }} className={rowLinkClass}>
                {row.number}
              </Link>
            </span>
            <ReviewPill review={row} />
          </span>
          <span className="truncate text-muted">
            <TimeText at={row.opened_at} dateOnly /> · <Outcome review={row} />
          </span>
        </div>
      )}
      empty={
        <StateMessage icon={<ClipboardCheck />} title={t`No review yet`} action={emptyAction}>
          <Trans>The first one opens by itself when it is due. You can also begin one now.</Trans>
        </StateMessage>
      }
    />
  );
}

function Outcome({ review }: { review: AccessReviewSummary }) {
  const decided = review.accounts - review.undecided;
  return review.status === "finished" ? (
    <Trans>
      {review.kept} kept, {review.deactivated} deactivated
    </Trans>
  ) : (
    <Trans>
      {decided} of {review.accounts}
    </Trans>
  );
}
