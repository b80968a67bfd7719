import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useNavigate } from "@tanstack/react-router";
import { FilePlus2, ScrollText } from "lucide-react";
import { useMemo } from "react";
import { useApi, useApiPages } from "@/api/queries";
import type { Report } from "@/api/types-records";
import { ListViews } from "@/features/list-views";
import { ClientPicker } from "@/features/pickers/pickers";
import { Whose } from "@/features/samples/whose";
import { prune } from "@/features/search";
import { useMay, useMe } from "@/session/session";
import { ButtonLink } from "@/ui/button";
import { type Column, rowLinkClass } from "@/ui/data-table";
import { FilterChip } from "@/ui/filter-chip";
import { ListPage } from "@/ui/list-page";
import { SearchBox } from "@/ui/search-box";
import { TimeText } from "@/ui/time-text";
import type { ReportSearch } from "./search";
import { ReportPills, reportNumber } from "./status";

/** Drafts, reports that wait for a signature or a release, and what was released. */
export function ReportList({ search }: { search: ReportSearch }) {
  const { t } = useLingui();
  const may = useMay();
  const medical = useMe().laboratory.kind === "medical";
  const pages = useApiPages("GET /reports", { query: search });
  const columns = useMemo<Column<Report>[]>(
    () => [
      { id: "status", header: t`Status`, width: "13.5rem", cell: (row) => <ReportPills report={row} /> },
      {
        id: "whose",
        header: medical ? t`Patient` : t`Client`,
        width: "minmax(11rem, 1.5fr)",
        cell: (row) => <Whose sample={row} />,
      },
      {
        id: "samples",
        header: t`Samples`,
        width: "minmax(8rem, 1fr)",
        cell: (row) => <span className="mono">{sampleText(row)}</span>,
      },
      {
        id: "signed",
        header: t`Signed by`,
        roomy: true,
        width: "minmax(8rem, 0.8fr)",
        cell: (row) => row.authorization?.by.name,
      },
      {
        id: "released",
        header: t({ message: "Released", context: "when" }),
        width: "9rem",
        cell: (row) => <TimeText at={row.released_at} className="text-muted" />,
      },
    ],
    [t, medical],
  );
  const filtered = Object.keys(search).length > 0;
  return (
    <ListPage
      title={t`Reports`}
      action={
        may("report:draft") && (
          <ButtonLink to="/reports/new" tone="primary" icon={<FilePlus2 />}>
            <Trans>New report</Trans>
          </ButtonLink>
        )
      }
      filters={<ReportFilters search={search} />}
      pages={pages}
      name={{
        header: t`Number`,
        width: "9rem",
        of: (row) => (
          <Link to="/reports/$id" params={{ id: row.id }} className={`mono ${rowLinkClass}`}>
            {reportNumber(row)}
          </Link>
        ),
      }}
      columns={columns}
      narrow={{
        marks: (row) => <ReportPills report={row} />,
        second: (row) => (
          <>
            <Whose sample={row} /> · <span className="mono">{sampleText(row)}</span>
          </>
        ),
      }}
      empty={{
        icon: <ScrollText />,
        title: filtered ? t`No report matches these filters` : t`No reports yet`,
        text: !filtered && <Trans>A report is drafted from samples whose results are verified.</Trans>,
        filtered,
      }}
    />
  );
}

function sampleText({ samples }: Report): string {
  const [first] = samples;
  return first
    ? samples.length > 1
      ? `${first.accession_number} +${samples.length - 1}`
      : first.accession_number
    : "–";
}

function ReportFilters({ search }: { search: ReportSearch }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const may = useMay();
  const client = useApi(
    "GET /clients/{id}",
    { path: { id: search.client_id ?? "" } },
    { enabled: Boolean(search.client_id) && may("client:read") },
  );
  const change = (next: ReportSearch) =>
    void navigate({ to: "/reports", search: prune({ ...search, ...next }), replace: true });
  const views = [
    { value: undefined, label: t`All` },
    { value: "draft", label: t`To sign` },
    { value: "authorized", label: t`To release` },
    { value: "released", label: t({ message: "Released", context: "reports" }) },
    { value: "superseded,withdrawn", label: t`No longer valid` },
  ];
  return (
    <>
      <ListViews className="w-full" at="/reports" search={search} by="status" views={views} />
      <SearchBox
        value={search.q ?? ""}
        onChange={(q) => change({ q })}
        label={t`Search by report number`}
        placeholder={t`Report number`}
      />
      {may("client:read") && (
        <div className="w-full sm:w-72">
          <ClientPicker
            label={t`Client`}
            placeholder={t`All clients`}
            value={search.client_id ? { id: search.client_id, label: client.data?.name ?? "…" } : null}
            onChange={(choice) => change({ client_id: choice?.id ?? "" })}
          />
        </div>
      )}
      {search.under_correction && (
        <FilterChip text={t`Under correction`} onRemove={() => change({ under_correction: undefined })} />
      )}
      {(search.sample_id ?? search.patient_id) && (
        <FilterChip
          text={search.sample_id ? t`Of one sample` : t`Of one patient`}
          onRemove={() => change({ sample_id: "", patient_id: "" })}
        />
      )}
    </>
  );
}
