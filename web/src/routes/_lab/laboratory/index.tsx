import { useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { useApi } from "@/api/queries";
import { LaboratoryForm } from "@/features/people/laboratory";
import { useMay } from "@/session/session";
import { PageSkeleton } from "@/shell/page-skeleton";
import { Page } from "@/ui/page";
import { ErrorState, ForbiddenState } from "@/ui/states";

export const Route = createFileRoute("/_lab/laboratory/")({ component: LaboratoryPage });

function LaboratoryPage() {
  const { t } = useLingui();
  const may = useMay();
  const allowed = may("settings:read") || may("settings:manage");
  const { data, error, refetch } = useApi("GET /laboratory", {}, { enabled: allowed });
  if (!allowed) return <ForbiddenState />;
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <PageSkeleton />;
  return (
    <Page title={t`Laboratory`} lead={data.name}>
      <LaboratoryForm key={data.version} laboratory={data} />
    </Page>
  );
}
