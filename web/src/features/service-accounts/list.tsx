import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Bot } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import { useApiPages } from "@/api/queries";
import type { ServiceAccount } from "@/api/types-access";
import { AccountPill } from "./account-pill";
import { type Column, DataTable, rowLinkClass } from "@/ui/data-table";
import { ErrorState, StateMessage } from "@/ui/states";
import { TimeText } from "@/ui/time-text";

/** Programs that work with the laboratory, and the people who answer for them. */
export function ServiceAccountList({ emptyAction }: { emptyAction?: ReactNode }) {
  const { t } = useLingui();
  const pages = useApiPages("GET /service-accounts", { query: {} });
  const { rows } = pages;
  const columns = useMemo<Column<ServiceAccount>[]>(
    () => [
      { id: "name", header: t`Name`, width: "minmax(10rem, 1fr)", cell: () => null },
      {
        id: "description",
        header: t`What it is for`,
        roomy: true,
        width: "minmax(12rem, 1.4fr)",
        cell: (row) => <span className="text-muted">{row.description || "–"}</span>,
      },
      { id: "owner", header: t`Answers for it`, width: "minmax(9rem, 1fr)", cell: (row) => row.owner.name },
      {
        id: "roles",
        header: t`Roles`,
        width: "minmax(9rem, 1fr)",
        cell: (row) => row.roles.map((role) => role.name).join(", ") || <span className="text-faint">–</span>,
      },
      { id: "active", header: t`Status`, width: "9rem", cell: (row) => <AccountPill account={row} /> },
      {
        id: "used",
        header: t`Last use`,
        width: "9rem",
        cell: (row) => <TimeText at={row.last_used_at} className="text-muted" />,
      },
    ],
    [t],
  );
  if (pages.error && rows.length === 0)
    return <ErrorState error={pages.error} onRetry={() => void pages.refetch()} className="border-t border-line" />;
  return (
    <DataTable
      label={t`Service accounts`}
      columns={columns}
      rows={rows}
      loading={pages.isPending}
      hasMore={pages.hasNextPage}
      loadingMore={pages.isFetchingNextPage}
      onMore={() => void pages.fetchNextPage()}
      link={(row) => (
        <Link to="/service-accounts/$id" params={{ id: row.id }} className={rowLinkClass}>
          {row.name}
        </Link>
      )}
      narrow={(row) => (
        <div className="flex flex-col gap-1">
          <span className="flex items-center gap-2">
            <span className="min-w-0 flex-1 truncate">
              <Link to="/service-accounts/$id" params={{ id: row.id }} className={rowLinkClass}>
                {row.name}
              </Link>
            </span>
            <AccountPill account={row} />
          </span>
          <span className="truncate text-muted">
            {row.owner.name} · {row.roles.map((role) => role.name).join(", ")}
          </span>
        </div>
      )}
      empty={
        <StateMessage icon={<Bot />} title={t`No program has an account`} action={emptyAction}>
          <Trans>Instruments, middleware and other systems each get one of their own, never a person's.</Trans>
        </StateMessage>
      }
    />
  );
}
