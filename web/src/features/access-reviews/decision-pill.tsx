import { Trans } from "@lingui/react/macro";
import { Check, CircleOff } from "lucide-react";
import type { AccessReviewItem } from "@/api/types-access";
import { Pill } from "@/ui/pill";

/** What was decided; nothing while nothing is. */
export function DecisionPill({ decision }: { decision: AccessReviewItem["decision"] }) {
  if (decision === null) return null;
  return decision === "keep" ? (
    <Pill tone="green" icon={<Check aria-hidden />}>
      <Trans>Kept</Trans>
    </Pill>
  ) : (
    <Pill tone="red" icon={<CircleOff aria-hidden />}>
      <Trans>Deactivated</Trans>
    </Pill>
  );
}
