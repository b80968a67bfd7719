import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import * as v from "valibot";
import { NewReport } from "@/features/reports/new-report";
import { useMay } from "@/session/session";
import { Page } from "@/ui/page";
import { ForbiddenState } from "@/ui/states";
import { UpLink } from "@/ui/up-link";

export const Route = createFileRoute("/_lab/reports/new")({
  validateSearch: v.object({ sample_id: v.optional(v.string()) }),
  component: New,
});

function New() {
  const { t } = useLingui();
  const { sample_id } = Route.useSearch();
  const may = useMay();
  if (!may("report:draft")) return <ForbiddenState />;
  return (
    <Page
      title={t`New report`}
      lead={t`Choose samples of one client or patient. Only verified results go onto it.`}
      above={
        <UpLink to="/reports">
          <Trans>Reports</Trans>
        </UpLink>
      }
    >
      <NewReport preset={sample_id} />
    </Page>
  );
}
