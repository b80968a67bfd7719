import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { FilePlus2 } from "lucide-react";
import { ReportFilters, ReportList } from "@/features/reports/report-list";
import { reportSearch } from "@/features/reports/search";
import { useMay } from "@/session/session";
import { ButtonLink } from "@/ui/button";
import { Page } from "@/ui/page";
import { ForbiddenState } from "@/ui/states";

export const Route = createFileRoute("/_lab/reports/")({ validateSearch: reportSearch, component: Reports });

function Reports() {
  const { t } = useLingui();
  const search = Route.useSearch();
  const may = useMay();
  if (!may("report:read")) return <ForbiddenState />;
  const draft = may("report:draft") && (
    <ButtonLink to="/reports/new" tone="primary" icon={<FilePlus2 />}>
      <Trans>New report</Trans>
    </ButtonLink>
  );
  return (
    <Page fill title={t`Reports`} actions={draft}>
      <ReportFilters search={search} />
      <ReportList search={search} emptyAction={draft} />
    </Page>
  );
}
