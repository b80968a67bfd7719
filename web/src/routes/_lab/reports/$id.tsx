import { Trans } from "@lingui/react/macro";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { queryClient } from "@/api/queries";
import { reportById } from "@/api/records";
import { ReportActions } from "@/features/reports/report-actions";
import { ReportBody } from "@/features/reports/report-body";
import { ReportPills, reportNumber } from "@/features/reports/status";
import { Whose } from "@/features/samples/whose";
import { Page } from "@/ui/page";
import { UpLink } from "@/ui/up-link";

export const Route = createFileRoute("/_lab/reports/$id")({
  loader: ({ params }) => queryClient.ensureQueryData(reportById(params.id)),
  component: ReportPage,
});

function ReportPage() {
  const { id } = Route.useParams();
  const { data: report } = useSuspenseQuery(reportById(id));
  return (
    <Page
      documentTitle={reportNumber(report)}
      above={
        <UpLink to="/reports">
          <Trans>Reports</Trans>
        </UpLink>
      }
      title={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="mono">{reportNumber(report)}</span>
          <ReportPills report={report} />
        </span>
      }
      lead={<Whose sample={report} />}
      actions={<ReportActions report={report} />}
    >
      <ReportBody report={report} />
    </Page>
  );
}
