import { useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { useApi } from "@/api/queries";
import { SecurityForm } from "@/features/security/security-form";
import { useMay } from "@/session/session";
import { PageSkeleton } from "@/shell/page-skeleton";
import { Page } from "@/ui/page";
import { ErrorState, ForbiddenState } from "@/ui/states";

export const Route = createFileRoute("/_lab/laboratory/security")({ component: SecurityPage });

function SecurityPage() {
  const { t } = useLingui();
  const may = useMay();
  const allowed = may("settings:read") || may("settings:manage");
  const { data, error, refetch } = useApi("GET /laboratory", {}, { enabled: allowed });
  if (!allowed) return <ForbiddenState />;
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <PageSkeleton />;
  return (
    <Page
      title={t`Security`}
      lead={t`How people prove who they are, how long that holds, and where two of them are needed. Each bound is a safe one: the page takes nothing weaker.`}
    >
      <SecurityForm key={data.version} laboratory={data} />
    </Page>
  );
}
