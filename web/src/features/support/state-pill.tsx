import { Trans } from "@lingui/react/macro";
import { CircleCheckBig, DoorClosed, DoorOpen, MailCheck } from "lucide-react";
import type { SupportAccess } from "@/api/types-platform";
import { Pill } from "@/ui/pill";

/** Where an invitation of support stands. */
export function SupportPill({ state }: { state: SupportAccess["state"] }) {
  if (state === "invited")
    return (
      <Pill tone="blue" icon={<MailCheck aria-hidden />}>
        <Trans>Invited</Trans>
      </Pill>
    );
  if (state === "entered")
    return (
      <Pill tone="amber" icon={<DoorOpen aria-hidden />}>
        <Trans>In the laboratory</Trans>
      </Pill>
    );
  if (state === "ended")
    return (
      <Pill tone="grey" icon={<DoorClosed aria-hidden />}>
        <Trans>Ended</Trans>
      </Pill>
    );
  return (
    <Pill tone="grey" icon={<CircleCheckBig aria-hidden />}>
      <Trans>Time is over</Trans>
    </Pill>
  );
}

/** Whether there is still something to end or to enter. */
export const isOpen = (state: SupportAccess["state"]) => state === "invited" || state === "entered";
