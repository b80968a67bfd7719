import { Trans, useLingui } from "@lingui/react/macro";
import { Building2, CircleCheckBig, CirclePause, Plus } from "lucide-react";
import { useMemo, useState } from "react";
import { useApiPages } from "@/api/queries";
import type { PlatformLaboratory } from "@/api/types-platform";
import { useMay } from "@/session/session";
import { Button } from "@/ui/button";
import type { Column } from "@/ui/data-table";
import { ListPage } from "@/ui/list-page";
import { Pill } from "@/ui/pill";
import { OpenDialog, SwitchDialog } from "./dialogs";

/** The laboratories of the installation, from outside. */
export function LaboratoryList() {
  const { t } = useLingui();
  const may = useMay();
  const pages = useApiPages("GET /platform/laboratories", { query: {} });
  const [opening, setOpening] = useState(false);
  const [switching, setSwitching] = useState<PlatformLaboratory | null>(null);
  const columns = useMemo<Column<PlatformLaboratory>[]>(
    () => [
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
        align: "end",
        cell: (row) => <span className="tabular-nums">{row.people}</span>,
      },
      {
        id: "active",
        header: t`Last sign-in`,
        width: "7rem",
        cell: (row) => row.last_active_on && <span className="text-muted tabular-nums">{row.last_active_on}</span>,
      },
    ],
    [t],
  );
  return (
    <ListPage
      title={t`Laboratories`}
      lead={t`From outside: what is in a laboratory is its own. Each act is in your ledger and in the laboratory's.`}
      action={
        may("platform:manage") && (
          <Button tone="primary" icon={<Plus />} onClick={() => setOpening(true)}>
            <Trans>Open a laboratory</Trans>
          </Button>
        )
      }
      pages={pages}
      name={{
        header: t`Name`,
        width: "minmax(10rem, 1.4fr)",
        of: (row) => <span className="font-medium">{row.name}</span>,
      }}
      columns={columns}
      narrow={{
        marks: (row) => <StatusPill laboratory={row} />,
        second: (row) => <span className="mono">{row.slug}</span>,
      }}
      act={{
        label: t`Suspend or resume`,
        width: "8rem",
        of: (row) => (
          <Button onClick={() => setSwitching(row)}>
            {row.status === "open" ? <Trans>Suspend…</Trans> : <Trans>Resume…</Trans>}
          </Button>
        ),
      }}
      empty={{
        icon: <Building2 />,
        title: t`There is no laboratory yet`,
        text: <Trans>Open the first one; its administrator is invited by mail.</Trans>,
      }}
    >
      {opening && <OpenDialog onClose={() => setOpening(false)} />}
      {switching && <SwitchDialog laboratory={switching} onClose={() => setSwitching(null)} />}
    </ListPage>
  );
}

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
