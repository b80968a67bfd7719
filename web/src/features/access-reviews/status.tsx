import { Trans } from "@lingui/react/macro";
import { BadgeCheck, ClockAlert, ListTodo } from "lucide-react";
import type { AccessReviewSummary } from "@/api/types-access";
import { Pill } from "@/ui/pill";

/** Where a review stands. */
export function ReviewPill({ review }: { review: Pick<AccessReviewSummary, "status" | "overdue"> }) {
  if (review.status === "finished")
    return (
      <Pill tone="green" icon={<BadgeCheck aria-hidden />}>
        <Trans>Finished</Trans>
      </Pill>
    );
  return review.overdue ? (
    <Pill tone="red" icon={<ClockAlert aria-hidden />}>
      <Trans>Overdue</Trans>
    </Pill>
  ) : (
    <Pill tone="amber" icon={<ListTodo aria-hidden />}>
      <Trans>Open</Trans>
    </Pill>
  );
}
