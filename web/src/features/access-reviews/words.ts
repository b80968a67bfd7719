import { useLingui } from "@lingui/react/macro";
import type { AccessReview, AccessReviewItem } from "@/api/types-access";

/** Why something is proposed, and what has changed, in words. */
export function useReviewWords(review: AccessReview) {
  const { t } = useLingui();
  const days = review.unused_after_days;
  const grounds: Record<AccessReviewItem["ground"], string> = {
    in_use: t`In use.`,
    new: t`New, and not used yet.`,
    unused: t`Not used for more than ${days} days.`,
    never_used: t`Never used, and older than ${days} days.`,
    owner_inactive: t`The person who answers for it is not active any more.`,
  };
  const changes: Record<AccessReviewItem["changed"][number], string> = {
    roles: t`Roles changed since`,
    grants: t`Permissions changed since`,
    second_factor: t`Second factor changed since`,
    inactive: t`Deactivated`,
  };
  return { grounds, changes };
}

/** Proposed to stay, not decided on, and the caller's to decide. */
export function isPlain(item: AccessReviewItem): boolean {
  return item.decision === null && item.decidable && item.proposal === "keep" && item.changed.length === 0;
}

/** The next account without a decision behind this one, then from the beginning. */
export function nextOpen(items: readonly AccessReviewItem[], position: number): AccessReviewItem | undefined {
  const open = (item: AccessReviewItem, index: number) =>
    index !== position && item.decision === null && item.decidable;
  return items.find((item, index) => index > position && open(item, index)) ?? items.find(open);
}
