import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { Siren } from "lucide-react";
import { ResultEntry } from "@/features/results/entry";
import { WorklistFilters } from "@/features/results/worklist-filters";
import { worklistSearch } from "@/features/results/search";
import { useMay } from "@/session/session";
import { ButtonLink } from "@/ui/button";
import { Page } from "@/ui/page";
import { ForbiddenState } from "@/ui/states";

export const Route = createFileRoute("/_lab/results/")({
  validateSearch: worklistSearch,
  component: Results,
});

function Results() {
  const { t } = useLingui();
  const search = Route.useSearch();
  const may = useMay();
  if (!may("result:enter")) return <ForbiddenState />;
  return (
    <Page
      fill
      title={t`Enter results`}
      actions={
        may("critical:notify") && (
          <ButtonLink to="/results/critical" icon={<Siren />}>
            <Trans>Critical values</Trans>
          </ButtonLink>
        )
      }
    >
      <WorklistFilters search={search} />
      <ResultEntry search={search} />
    </Page>
  );
}
