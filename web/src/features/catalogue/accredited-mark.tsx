import { useLingui } from "@lingui/react/macro";
import { BadgeCheck } from "lucide-react";
import { cx } from "@/ui/cx";
import { Tooltip } from "@/ui/tooltip";

/** Beside the name of a test that the laboratory is accredited for. */
export function AccreditedMark({ className = "size-3.5" }: { className?: string }) {
  const { t } = useLingui();
  const words = t`Within the scope of accreditation`;
  return (
    <Tooltip text={words}>
      <BadgeCheck role="img" aria-label={words} className={cx("shrink-0 text-accent", className)} />
    </Tooltip>
  );
}
