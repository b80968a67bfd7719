import { Trans } from "@lingui/react/macro";
import { UsersRound } from "lucide-react";
import { useApi } from "@/api/queries";
import type { TwoPersonRequest } from "@/api/types-access";
import { Notice } from "@/ui/page";
import { TimeText } from "@/ui/time-text";

/** The request that waits for a second person here, if there is one that the reader may know of. */
export function useWaiting(kind: TwoPersonRequest["kind"], concerns: (request: TwoPersonRequest) => boolean) {
  const { data } = useApi("GET /two-person-requests", { query: { limit: 200 } });
  return data?.items.find((each) => each.kind === kind && concerns(each));
}

/** Who asked already, when and why. */
export function WaitingNotice({ request }: { request: TwoPersonRequest }) {
  const when = <TimeText at={request.requested_at} />;
  const until = <TimeText at={request.expires_at} dateOnly />;
  const who = <b>{request.requested_by?.name ?? "–"}</b>;
  return (
    <Notice icon={<UsersRound aria-hidden />}>
      {request.yours ? (
        <Trans>
          You asked for this on {when}. Somebody else confirms it, until {until}.
        </Trans>
      ) : (
        <Trans>
          {who} asked for this on {when}. Send the same, and it is done.
        </Trans>
      )}
      {request.reason && <p className="mt-1 text-muted">{request.reason}</p>}
    </Notice>
  );
}
