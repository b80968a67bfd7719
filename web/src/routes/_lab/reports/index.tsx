import { createFileRoute } from "@tanstack/react-router";
import { ReportList } from "@/features/reports/report-list";
import { reportSearch } from "@/features/reports/search";
import { Allowed } from "@/session/allowed";

export const Route = createFileRoute("/_lab/reports/")({ validateSearch: reportSearch, component: Reports });

function Reports() {
  const search = Route.useSearch();
  return (
    <Allowed to="report:read">
      <ReportList search={search} />
    </Allowed>
  );
}
