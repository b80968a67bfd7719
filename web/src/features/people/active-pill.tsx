import { Trans } from "@lingui/react/macro";
import { CircleCheckBig, CircleOff, Mail } from "lucide-react";
import type { User } from "@/api/types-records";
import { Pill } from "@/ui/pill";

/** Whether a person gets in. */
export function UserPill({ user }: { user: Pick<User, "active" | "invited"> }) {
  return user.active && user.invited ? (
    <Pill tone="blue" icon={<Mail aria-hidden />}>
      <Trans>Invited</Trans>
    </Pill>
  ) : (
    <ActivePill active={user.active} />
  );
}

export function ActivePill({ active }: { active: boolean }) {
  return active ? (
    <Pill tone="green" icon={<CircleCheckBig aria-hidden />}>
      <Trans>Active</Trans>
    </Pill>
  ) : (
    <Pill tone="grey" icon={<CircleOff aria-hidden />}>
      <Trans>Deactivated</Trans>
    </Pill>
  );
}
