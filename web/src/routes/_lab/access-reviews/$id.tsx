import { Trans } from "@lingui/react/macro";
import { createFileRoute, Link } from "@tanstack/react-router";
import { useApi } from "@/api/queries";
import { Deciding } from "@/features/access-reviews/deciding";
import { ReviewRecord } from "@/features/access-reviews/record";
import { ReviewPill } from "@/features/access-reviews/status";
import { useMay } from "@/session/session";
import { PageSkeleton } from "@/shell/page-skeleton";
import { Page } from "@/ui/page";
import { ErrorState, ForbiddenState } from "@/ui/states";
import { TimeText } from "@/ui/time-text";

export const Route = createFileRoute("/_lab/access-reviews/$id")({ component: AccessReviewPage });

function AccessReviewPage() {
  const { id } = Route.useParams();
  const may = useMay();
  const allowed = may("user:read");
  const { data, error, refetch } = useApi("GET /access-reviews/{id}", { path: { id } }, { enabled: allowed });
  if (!allowed) return <ForbiddenState />;
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <PageSkeleton />;
  const open = data.status === "open";
  return (
    <Page
      fill={open}
      documentTitle={data.number}
      above={
        <Link to="/access-reviews" className="hover:text-ink hover:underline">
          <Trans>Access reviews</Trans>
        </Link>
      }
      title={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          {data.number} <ReviewPill review={data} />
        </span>
      }
      lead={
        open && (
          <Trans>
            Opened <TimeText at={data.opened_at} />, to be finished by <TimeText at={data.due_at} />
          </Trans>
        )
      }
    >
      {open ? <Deciding review={data} /> : <ReviewRecord review={data} />}
    </Page>
  );
}
