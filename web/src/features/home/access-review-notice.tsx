import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { ClipboardCheck, ClockAlert } from "lucide-react";
import { useApi } from "@/api/queries";
import { Notice } from "@/ui/page";

/** On the first page of whoever decides: a review waits, or should have been finished. */
export function AccessReviewNotice() {
  const { data } = useApi("GET /access-reviews", { query: { status: "open", limit: 1 } });
  const review = data?.items[0];
  if (!review) return null;
  const link = (
    <Link to="/access-reviews/$id" params={{ id: review.id }} className="font-semibold underline">
      {review.number}
    </Link>
  );
  return review.overdue ? (
    <Notice tone="red" icon={<ClockAlert aria-hidden />} className="mb-4">
      <Trans>The review of who has access is overdue: {link}.</Trans>
    </Notice>
  ) : (
    <Notice icon={<ClipboardCheck aria-hidden />} className="mb-4">
      <Trans>A review of who has access is open: {link}.</Trans>
    </Notice>
  );
}
