import { Plural, Trans } from "@lingui/react/macro";
import { CircleCheckBig, CircleOff, Clock, TriangleAlert } from "lucide-react";
import type { ServiceToken } from "@/api/types-access";
import { Pill } from "@/ui/pill";

const DAY = 86_400_000;
/** Days before its end from which a token is pointed out. */
const SOON = 14;

export const isAlive = (token: ServiceToken, now = Date.now()): boolean =>
  token.revoked_at === null && new Date(token.expires_at).getTime() > now;

/** Whether a token works, and for how long. */
export function TokenState({ token, now = Date.now() }: { token: ServiceToken; now?: number }) {
  if (token.revoked_at !== null && new Date(token.revoked_at).getTime() <= now)
    return (
      <Pill tone="grey" icon={<CircleOff aria-hidden />}>
        <Trans>Revoked</Trans>
      </Pill>
    );
  const left = new Date(token.expires_at).getTime() - now;
  if (left <= 0)
    return (
      <Pill tone="grey" icon={<Clock aria-hidden />}>
        <Trans>Expired</Trans>
      </Pill>
    );
  if (left < DAY)
    return (
      <Pill tone="red" icon={<TriangleAlert aria-hidden />}>
        <Trans>Ends today</Trans>
      </Pill>
    );
  const days = Math.floor(left / DAY);
  return (
    <Pill
      tone={days <= SOON ? "amber" : "green"}
      icon={days <= SOON ? <TriangleAlert aria-hidden /> : <CircleCheckBig aria-hidden />}
    >
      <Plural value={days} one="# day left" other="# days left" />
    </Pill>
  );
}
