import { Trans } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import type { AccessReview } from "@/api/types-access";
import { Deciding } from "@/features/access-reviews/deciding";
import { ReviewRecord } from "@/features/access-reviews/record";
import { ReviewPill } from "@/features/access-reviews/status";
import { Allowed } from "@/session/allowed";
import { Loaded } from "@/shell/loaded";
import { Page } from "@/ui/page";
import { TimeText } from "@/ui/time-text";
import { UpLink } from "@/ui/up-link";

export const Route = createFileRoute("/_lab/access-reviews/$id")({ component: AccessReviewPage });

function AccessReviewPage() {
  const { id } = Route.useParams();
  return (
    <Allowed to="user:read">
      <Loaded read="GET /access-reviews/{id}" input={{ path: { id } }}>
        {(review) => <Review review={review} />}
      </Loaded>
    </Allowed>
  );
}

function Review({ review }: { review: AccessReview }) {
  const open = review.status === "open";
  return (
    <Page
      fill={open}
      above={
        <UpLink to="/access-reviews">
          <Trans>Access reviews</Trans>
        </UpLink>
      }
      title={review.number}
      marks={<ReviewPill review={review} />}
      lead={
        open && (
          <Trans>
            Opened <TimeText at={review.opened_at} />, to be finished by <TimeText at={review.due_at} />
          </Trans>
        )
      }
    >
      {open ? <Deciding review={review} /> : <ReviewRecord review={review} />}
    </Page>
  );
}
