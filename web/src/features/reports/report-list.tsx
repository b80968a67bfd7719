import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useNavigate } from "@tanstack/react-router";
import { ScrollText, X } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import { useApi, useApiPages } from "@/api/queries";
import type { Report } from "@/api/types-records";
import { ClientPicker } from "@/features/pickers/pickers";
import { Whose } from "@/features/samples/whose";
import { prune } from "@/features/search";
import { useMay, useMe } from "@/session/session";
import { type Column, rowLinkClass } from "@/ui/data-table";
import { PagedTable } from "@/ui/paged-table";
import { SearchBox } from "@/ui/search-box";
import { StateMessage } from "@/ui/states";
import { TimeText } from "@/ui/time-text";
import { View, Views } from "@/ui/views";
import type { ReportSearch } from "./search";
import { ReportPills, reportNumber } from "./status";

export function ReportFilters({ search }: { search: ReportSearch }) {
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
    { status: undefined, label: t`All` },
    { status: "draft", label: t`To sign` },
    { status: "authorized", label: t`To release` },
    { status: "released", label: t({ message: "Released", context: "reports" }) },
    { status: "superseded,withdrawn", label: t`No longer valid` },
  ];
  return (
    <div className="flex flex-col gap-3 px-4 pb-3 sm:px-6">
      <Views>
        {views.map((view) => (
          <View
            key={view.label}
            to="/reports"
            search={prune({ ...search, status: view.status })}
            current={search.status === view.status}
          >
            {view.label}
          </View>
        ))}
      </Views>
      <div className="flex flex-wrap items-center gap-2">
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
          <button
            type="button"
            onClick={() => change({ under_correction: undefined })}
            className="flex min-h-7 items-center gap-1 rounded-md bg-accent-tint px-2.5 text-xs text-accent"
          >
            <Trans>Under correction</Trans>
            <X aria-hidden className="size-3.5" />
          </button>
        )}
        {(search.sample_id ?? search.patient_id) && (
          <button
            type="button"
            onClick={() => change({ sample_id: "", patient_id: "" })}
            className="flex min-h-7 items-center gap-1 rounded-md bg-accent-tint px-2.5 text-xs text-accent"
          >
            {search.sample_id ? <Trans>Of one sample</Trans> : <Trans>Of one patient</Trans>}
            <X aria-hidden className="size-3.5" />
          </button>
        )}
      </div>
    </div>
  );
}

export function ReportList({ search, emptyAction }: { search: ReportSearch; emptyAction?: ReactNode }) {
  const { t } = useLingui();
  const medical = useMe().laboratory.kind === "medical";
  const pages = useApiPages("GET /reports", { query: search });
  const columns = useMemo<Column<Report>[]>(
    () => [
      { id: "number", header: t`Number`, width: "9rem", cell: () => null },
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
        cell: (row) => row.authorization?.by.name ?? <span className="text-faint">–</span>,
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
    <PagedTable
      label={t`Reports`}
      columns={columns}
      pages={pages}
      link={(row) => <ReportLink report={row} />}
      narrow={(row) => (
        <div className="flex flex-col gap-1.5">
          <span className="flex items-center gap-2">
            <ReportLink report={row} />
            <span className="flex-1" />
            <ReportPills report={row} />
          </span>
          <span className="truncate text-muted">
            <Whose sample={row} /> · <span className="mono">{sampleText(row)}</span>
          </span>
        </div>
      )}
      empty={
        <StateMessage
          icon={<ScrollText />}
          title={filtered ? t`No report matches these filters` : t`No reports yet`}
          action={emptyAction}
        >
          {!filtered && <Trans>A report is drafted from samples whose results are verified.</Trans>}
        </StateMessage>
      }
    />
  );
}

function ReportLink({ report }: { report: Report }) {
  return (
    <Link to="/reports/$id" params={{ id: report.id }} className={`mono ${rowLinkClass}`}>
      {reportNumber(report)}
    </Link>
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
