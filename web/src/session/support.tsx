import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useRouterState } from "@tanstack/react-router";
import { LifeBuoy } from "lucide-react";
import { useEffect } from "react";
import { TimeText } from "@/ui/time-text";
import { meQuery, useMe } from "./session";

/** Somebody may have come in since: asked again with a new page, not by a clock, which would keep an idle session alive. */
const OLD = 30_000;

/** Tells everybody who is signed in that the platform's support is in the laboratory. */
export function SupportBanner() {
  const { support_access: here } = useMe();
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  const { dataUpdatedAt, refetch } = useQuery(meQuery);
  useEffect(() => {
    if (Date.now() - dataUpdatedAt > OLD) void refetch();
    // Only a change of page asks.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [pathname]);
  return (
    <div role="status">
      {here && (
        <div className="flex items-center justify-center gap-2 bg-amber-tint px-4 py-1.5 text-amber sm:px-6">
          <LifeBuoy aria-hidden className="size-4 shrink-0" />
          <span>
            {here.you ? (
              <Trans>
                You are here as support, until <TimeText at={here.until} />. Everything you do is in the laboratory's
                trail.
              </Trans>
            ) : (
              <Trans>
                {here.operator} of the platform's support is in this laboratory, until <TimeText at={here.until} />.
              </Trans>
            )}
          </span>
        </div>
      )}
    </div>
  );
}
