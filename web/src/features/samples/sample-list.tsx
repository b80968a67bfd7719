import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { PackageCheck, PackagePlus, Siren, TestTubes, TriangleAlert } from "lucide-react";
import { useEffect, useMemo } from "react";
import { useApiPages } from "@/api/queries";
import type { SampleSummary } from "@/api/types";
import { useMay, useMe } from "@/session/session";
import { ButtonLink } from "@/ui/button";
import { type Column, rowLinkClass } from "@/ui/data-table";
import { ListPage } from "@/ui/list-page";
import { useMedia } from "@/ui/media";
import { IconPill, Pill } from "@/ui/pill";
import { TimeText } from "@/ui/time-text";
import { SampleFilters } from "./filters";
import { Progress } from "./progress";
import { type SampleSearch, sampleQuery } from "./search";
import { PriorityPill, SampleStatusPill } from "./status";
import { rememberTrail } from "./trail";
import { sampleLink, Whose } from "./whose";

/** What came in and what is still expected. The order of the rows is the trail that a sample's page walks. */
export function SampleList({ search }: { search: SampleSearch }) {
  const { t } = useLingui();
  const me = useMe();
  const may = useMay();
  const medical = me.laboratory.kind === "medical";
  const pages = useApiPages("GET /samples", { query: sampleQuery(search, me.laboratory.timezone) });
  const { rows } = pages;
  // Below this width the time of collection would push the time of receipt out of sight.
  const roomy = useMedia("(min-width: 96rem)");
  useEffect(() => rememberTrail(rows.map((row) => row.id)), [rows]);

  const columns = useMemo<Column<SampleSummary>[]>(
    () => [
      { id: "status", header: t`Status`, width: "8rem", cell: (row) => <SampleStatusPill status={row.status} /> },
      medical
        ? { id: "patient", header: t`Patient`, width: "minmax(8rem, 1.4fr)", cell: (row) => <Whose sample={row} /> }
        : { id: "client", header: t`Client`, width: "minmax(8rem, 1.4fr)", cell: (row) => <Whose sample={row} /> },
      {
        id: "reference",
        header: medical ? t`Requester's no.` : t`Client's reference`,
        width: "minmax(5.5rem, 0.8fr)",
        cell: (row) => row.client_reference,
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
    <ListPage
      title={medical ? t`Specimens` : t`Samples`}
      beside={
        may("sample:receive") && (
          <ButtonLink to="/samples/receive" icon={<PackageCheck />}>
            <Trans>Receive</Trans>
          </ButtonLink>
        )
      }
      action={
        may("sample:register") && (
          <ButtonLink to="/samples/register" tone="primary" icon={<PackagePlus />}>
            <Trans>Register</Trans>
          </ButtonLink>
        )
      }
      filters={<SampleFilters search={search} />}
      pages={pages}
      name={{
        header: t`Accession no.`,
        width: "8.5rem",
        of: (row) => (
          <Link {...sampleLink(row.id)} className={`mono ${rowLinkClass}`}>
            {row.accession_number}
          </Link>
        ),
      }}
      columns={columns}
      narrow={{
        marks: (row) => (
          <>
            <Marks sample={row} />
            <SampleStatusPill status={row.status} />
          </>
        ),
        second: (row) => (
          <span className="flex items-center gap-3">
            <span className="min-w-0 flex-1 truncate">
              {[row.client?.name ?? row.patient?.name, row.sample_type.name].filter(Boolean).join(" · ")}
            </span>
            <Progress counts={row.counts} />
          </span>
        ),
      }}
      empty={{
        icon: <TestTubes />,
        title: filtered ? t`No sample matches these filters` : t`No samples yet`,
        text: filtered ? (
          <Trans>Take a filter away, or look for the accession number alone.</Trans>
        ) : (
          <Trans>Register the first one; it gets its number at once.</Trans>
        ),
        filtered,
      }}
    />
  );
}

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
