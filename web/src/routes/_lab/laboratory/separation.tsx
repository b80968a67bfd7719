import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { RotateCw } from "lucide-react";
import { useApi } from "@/api/queries";
import { SeparationWalls } from "@/features/security/separation";
import { useMay } from "@/session/session";
import { PageSkeleton } from "@/shell/page-skeleton";
import { Button } from "@/ui/button";
import { Page } from "@/ui/page";
import { ErrorState, ForbiddenState } from "@/ui/states";
import { TimeText } from "@/ui/time-text";

export const Route = createFileRoute("/_lab/laboratory/separation")({ component: SeparationPage });

function SeparationPage() {
  const { t } = useLingui();
  const may = useMay();
  const allowed = may("settings:manage") || may("audit:read");
  const { data, error, refetch, isFetching } = useApi("GET /laboratory/separation", {}, { enabled: allowed });
  if (!allowed) return <ForbiddenState />;
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <PageSkeleton />;
  return (
    <Page
      title={t`Data separation`}
      lead={
        <Trans>
          What keeps this laboratory's data apart from every other's, asked of the running system itself at{" "}
          <TimeText at={data.checked_at} />.
        </Trans>
      }
      actions={
        <Button icon={<RotateCw />} busy={isFetching} onClick={() => void refetch()}>
          <Trans>Check again</Trans>
        </Button>
      }
    >
      <SeparationWalls separation={data} />
    </Page>
  );
}
