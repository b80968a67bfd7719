import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Siren, TestTubes, TriangleAlert } from "lucide-react";
import { type ReactNode, useEffect, useMemo } from "react";
import { useApiPages } from "@/api/queries";
import type { SampleSummary } from "@/api/types";
import { useMe } from "@/session/session";
import { type Column, rowLinkClass } from "@/ui/data-table";
import { useMedia } from "@/ui/media";
import { PagedTable } from "@/ui/paged-table";
import { IconPill, Pill } from "@/ui/pill";
import { StateMessage } from "@/ui/states";
import { TimeText } from "@/ui/time-text";
import { Progress } from "./progress";
import { type SampleSearch, sampleQuery } from "./search";
import { PriorityPill, SampleStatusPill } from "./status";
import { rememberTrail } from "./trail";
import { sampleLink, Whose } from "./whose";

export function SampleList({ search, emptyAction }: { search: SampleSearch; emptyAction?: ReactNode }) {
  const { t } = useLingui();
  const me = useMe();
  const medical = me.laboratory.kind === "medical";
  const pages = useApiPages("GET /samples", { query: sampleQuery(search, me.laboratory.timezone) });
  const { rows } = pages;
  // Below this width the time of collection would push the time of receipt out of sight.
  const roomy = useMedia("(min-width: 96rem)");
  useEffect(() => rememberTrail(rows.map((row) => row.id)), [rows]);

  const columns = useMemo<Column<SampleSummary>[]>(
    () => [
      { id: "accession", header: t`Accession no.`, width: "8.5rem", cell: () => null },
      { id: "status", header: t`Status`, width: "8rem", cell: (row) => <SampleStatusPill status={row.status} /> },
      medical
        ? { id: "patient", header: t`Patient`, width: "minmax(8rem, 1.4fr)", cell: (row) => <Whose sample={row} /> }
        : { id: "client", header: t`Client`, width: "minmax(8rem, 1.4fr)", cell: (row) => <Whose sample={row} /> },
      {
        id: "reference",
        header: medical ? t`Requester's no.` : t`Client's reference`,
        width: "minmax(5.5rem, 0.8fr)",
        cell: (row) => row.client_reference ?? <None />,
      },
      {
        id: "type",
        header: medical ? t`Specimen` : t`Sample type`,
        roomy: true,
        width: "minmax(8rem, 1fr)",
        cell: (row) => row.sample_type.name,
      },
      { id: "results", header: t`Results`, width: "6.5rem", cell: (row) => <Progress counts={row.counts} /> },
      { id: "marks", header: t`Marks`, width: "6rem", cell: (row) => <Marks sample={row} /> },
      ...(roomy
        ? [
            {
              id: "collected",
              header: t`Collected`,
              width: "8.5rem",
              cell: (row: SampleSummary) => <TimeText at={row.collected_at} className="text-muted" />,
            },
          ]
        : []),
      {
        id: "received",
        header: t`Received`,
        width: "8.5rem",
        cell: (row) => <TimeText at={row.received_at} className="text-muted" />,
      },
    ],
    [t, medical, roomy],
  );

  const filtered = Object.values(search).some((value) => value !== undefined);
  return (
    <PagedTable
      label={medical ? t`Specimens` : t`Samples`}
      columns={columns}
      pages={pages}
      link={(row) => (
        <Link {...sampleLink(row.id)} className={`mono ${rowLinkClass}`}>
          {row.accession_number}
        </Link>
      )}
      narrow={(row) => <NarrowRow sample={row} />}
      empty={
        <StateMessage
          icon={<TestTubes />}
          title={filtered ? t`No sample matches these filters` : t`No samples yet`}
          action={emptyAction}
        >
          {filtered ? (
            <Trans>Take a filter away, or look for the accession number alone.</Trans>
          ) : (
            <Trans>Register the first one; it gets its number at once.</Trans>
          )}
        </StateMessage>
      }
    />
  );
}

function NarrowRow({ sample }: { sample: SampleSummary }) {
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex items-center gap-2">
        <Link {...sampleLink(sample.id)} className={`mono ${rowLinkClass}`}>
          {sample.accession_number}
        </Link>
        <span className="flex-1" />
        <Marks sample={sample} />
        <SampleStatusPill status={sample.status} />
      </div>
      <div className="flex items-center gap-3">
        <span className="min-w-0 flex-1 truncate text-muted">
          {[sample.client?.name ?? sample.patient?.name, sample.sample_type.name].filter(Boolean).join(" · ")}
        </span>
        <Progress counts={sample.counts} />
      </div>
    </div>
  );
}

const None = () => <span className="text-faint">–</span>;

function Marks({ sample }: { sample: SampleSummary }) {
  const { t } = useLingui();
  return (
    <span className="relative z-[1] flex items-center gap-1">
      {sample.critical_open > 0 && (
        <Pill tone="critical" icon={<Siren aria-hidden />} title={t`Critical value not yet notified`}>
          {sample.critical_open}
        </Pill>
      )}
      <PriorityPill priority={sample.priority} />
      {sample.has_deviation && <IconPill tone="amber" icon={<TriangleAlert />} label={t`Received with a deviation`} />}
    </span>
  );
}
