import { Trans, useLingui } from "@lingui/react/macro";
import { Building2, CircleCheckBig, CirclePause } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import { useApiPages } from "@/api/queries";
import type { PlatformLaboratory } from "@/api/types-platform";
import { Button } from "@/ui/button";
import { type Column, DataTable } from "@/ui/data-table";
import { Pill } from "@/ui/pill";
import { ErrorState, StateMessage } from "@/ui/states";
import { SwitchDialog } from "./dialogs";

function StatusPill({ laboratory }: { laboratory: PlatformLaboratory }) {
  return laboratory.status === "open" ? (
    <Pill tone="green" icon={<CircleCheckBig aria-hidden />}>
      <Trans>In service</Trans>
    </Pill>
  ) : (
    <Pill tone="red" icon={<CirclePause aria-hidden />} title={laboratory.suspended_reason ?? undefined}>
      <Trans>Suspended</Trans>
    </Pill>
  );
}

/** The laboratories of the installation, from outside. */
export function LaboratoryList({ emptyAction }: { emptyAction?: ReactNode }) {
  const { t } = useLingui();
  const pages = useApiPages("GET /platform/laboratories", { query: {} });
  const [switching, setSwitching] = useState<PlatformLaboratory | null>(null);
  const { rows } = pages;
  const columns = useMemo<Column<PlatformLaboratory>[]>(
    () => [
      { id: "name", header: t`Name`, width: "minmax(10rem, 1.4fr)", cell: () => null },
      {
        id: "slug",
        header: t`Short name`,
        width: "minmax(7rem, 0.8fr)",
        cell: (row) => <span className="mono">{row.slug}</span>,
      },
      {
        id: "kind",
        header: t`Kind`,
        width: "6rem",
        cell: (row) => (row.kind === "medical" ? t`Medical` : t`Testing`),
      },
      { id: "status", header: t`Status`, width: "8rem", cell: (row) => <StatusPill laboratory={row} /> },
      {
        id: "people",
        header: t`People`,
        width: "4.5rem",
        cell: (row) => <span className="tabular-nums">{row.people}</span>,
      },
      {
        id: "active",
        header: t`Last sign-in`,
        width: "7rem",
        cell: (row) => <span className="tabular-nums text-muted">{row.last_active_on ?? "–"}</span>,
      },
      {
        id: "act",
        header: <span className="sr-only">{t`Suspend or resume`}</span>,
        width: "8rem",
        cell: (row) => (
          <Button onClick={() => setSwitching(row)}>
            {row.status === "open" ? <Trans>Suspend…</Trans> : <Trans>Resume…</Trans>}
          </Button>
        ),
      },
    ],
    [t],
  );
  if (pages.error && rows.length === 0)
    return <ErrorState error={pages.error} onRetry={() => void pages.refetch()} className="border-t border-line" />;
  return (
    <>
      <DataTable
        label={t`Laboratories`}
        columns={columns}
        rows={rows}
        loading={pages.isPending}
        hasMore={pages.hasNextPage}
        loadingMore={pages.isFetchingNextPage}
        onMore={() => void pages.fetchNextPage()}
        link={(row) => <span className="truncate font-medium">{row.name}</span>}
        narrowHeight={120}
        narrow={(row) => (
          <div className="flex flex-col gap-1">
            <span className="flex items-center gap-2">
              <span className="min-w-0 flex-1 truncate font-medium">{row.name}</span>
              <StatusPill laboratory={row} />
            </span>
            <span className="mono text-muted">{row.slug}</span>
            <Button className="self-start" onClick={() => setSwitching(row)}>
              {row.status === "open" ? <Trans>Suspend…</Trans> : <Trans>Resume…</Trans>}
            </Button>
          </div>
        )}
        empty={
          <StateMessage icon={<Building2 />} title={t`There is no laboratory yet`} action={emptyAction}>
            <Trans>Open the first one; its administrator is invited by mail.</Trans>
          </StateMessage>
        }
      />
      {switching && <SwitchDialog laboratory={switching} onClose={() => setSwitching(null)} />}
    </>
  );
}
