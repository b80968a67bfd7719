import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { useApi } from "@/api/queries";
import type { NewToken, ServiceAccount, ServiceToken } from "@/api/types-access";
import { Button } from "@/ui/button";
import { Card } from "@/ui/page";
import { ErrorState, Skeleton, StateMessage } from "@/ui/states";
import { TimeText } from "@/ui/time-text";
import { IssueDialog, RevokeDialog, RotateDialog, TokenDialog } from "./token-dialogs";
import { isAlive, TokenState } from "./token-state";

type Open =
  | { what: "issue" }
  | { what: "rotate" | "revoke"; token: ServiceToken }
  | { what: "made"; token: NewToken }
  | null;

/** A program's tokens: those that work first. The whole token is shown once, when it is made. */
export function Tokens({ account, locked }: { account: ServiceAccount; locked: string | undefined }) {
  const { t } = useLingui();
  const { data, error, isPending, refetch } = useApi("GET /service-accounts/{id}/tokens", {
    path: { id: account.id },
    query: { limit: 200 },
  });
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const made = (token: NewToken) => setOpen({ what: "made", token });
  const rows = (data?.items ?? []).toSorted((a, b) => Number(isAlive(b)) - Number(isAlive(a)));
  const off = locked ?? (account.active ? undefined : t`The account is deactivated.`);
  return (
    <Card
      id="tokens"
      flush
      title={t`Tokens`}
      actions={
        <Button icon={<Plus />} onClick={() => setOpen({ what: "issue" })} disabledReason={off}>
          <Trans>New token…</Trans>
        </Button>
      }
    >
      {error && !data ? (
        <ErrorState error={error} onRetry={() => void refetch()} className="py-8" />
      ) : isPending ? (
        <Skeleton className="m-4 h-16" />
      ) : rows.length === 0 ? (
        <StateMessage className="py-10" icon={<KeyRound />} title={t`No token yet`}>
          <Trans>The program signs in with a token. It is shown once and always ends on a day.</Trans>
        </StateMessage>
      ) : (
        <ul>
          {rows.map((token) => (
            <TokenRow key={token.id} token={token} off={off} onOpen={setOpen} />
          ))}
        </ul>
      )}
      {open?.what === "issue" && <IssueDialog account={account} onClose={close} onMade={made} />}
      {open?.what === "rotate" && <RotateDialog account={account} token={open.token} onClose={close} onMade={made} />}
      {open?.what === "revoke" && <RevokeDialog account={account} token={open.token} onClose={close} />}
      {open?.what === "made" && <TokenDialog token={open.token} onClose={close} />}
    </Card>
  );
}

function TokenRow({
  token,
  off,
  onOpen,
}: {
  token: ServiceToken;
  off: string | undefined;
  onOpen: (open: Open) => void;
}) {
  const { t } = useLingui();
  const alive = isAlive(token);
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-3 last:border-0">
      <div className="min-w-0 flex-1 basis-52">
        <p className="flex flex-wrap items-center gap-2">
          <span className={alive ? "font-medium" : "text-muted"}>{token.label || t`Without a name`}</span>
          <TokenState token={token} />
        </p>
        <p className="text-xs text-muted">
          <code className="mono">{token.prefix}…</code> ·{" "}
          <Trans>
            since <TimeText at={token.created_at} dateOnly />, until <TimeText at={token.expires_at} dateOnly />
          </Trans>
        </p>
        <p className="text-xs text-muted">
          {token.last_used_at ? (
            <Trans>
              last used <TimeText at={token.last_used_at} />
            </Trans>
          ) : (
            <Trans>never used</Trans>
          )}
          {token.last_used_ip && <span className="mono"> · {token.last_used_ip}</span>}
        </p>
        {token.permissions && (
          <p className="text-xs text-muted" title={token.permissions.join(", ")}>
            <Plural value={token.permissions.length} one="only # permission" other="only # permissions" />:{" "}
            <span className="mono">{token.permissions.join(", ")}</span>
          </p>
        )}
      </div>
      {alive && (
        <div className="flex gap-2">
          <Button onClick={() => onOpen({ what: "rotate", token })} disabledReason={off}>
            <Trans>Rotate…</Trans>
          </Button>
          <Button tone="danger" onClick={() => onOpen({ what: "revoke", token })} disabledReason={off}>
            <Trans>Revoke…</Trans>
          </Button>
        </div>
      )}
    </li>
  );
}
