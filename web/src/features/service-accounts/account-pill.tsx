import { Trans } from "@lingui/react/macro";
import { KeyRound, UserRoundX } from "lucide-react";
import type { ServiceAccount } from "@/api/types-access";
import { ActivePill } from "@/features/people/active-pill";
import { Pill } from "@/ui/pill";

/** Whether a program gets in, and if not, why. */
export function AccountPill({ account }: { account: ServiceAccount }) {
  if (account.active && !account.owner_active)
    return (
      <Pill tone="red" icon={<UserRoundX aria-hidden />}>
        <Trans>Owner is out</Trans>
      </Pill>
    );
  if (account.active && account.living_tokens === 0)
    return (
      <Pill tone="amber" icon={<KeyRound aria-hidden />}>
        <Trans>No token</Trans>
      </Pill>
    );
  return <ActivePill active={account.active} />;
}
