import { createFileRoute } from "@tanstack/react-router";
import { AccessReviewList } from "@/features/access-reviews/list";
import { Allowed } from "@/session/allowed";

export const Route = createFileRoute("/_lab/access-reviews/")({ component: AccessReviews });

function AccessReviews() {
  return (
    <Allowed to="user:read">
      <AccessReviewList />
    </Allowed>
  );
}
