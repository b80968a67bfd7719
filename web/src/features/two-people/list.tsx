import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { UsersRound } from "lucide-react";
import { useMemo, useState } from "react";
import { useAct, useApiPages } from "@/api/queries";
import type { TwoPersonRequest } from "@/api/types-access";
import { Button } from "@/ui/button";
import { type Column, rowLinkClass } from "@/ui/data-table";
import { ListPage } from "@/ui/list-page";
import { ReasonDialog } from "@/ui/reason-dialog";
import { TimeText } from "@/ui/time-text";

/** What others asked for and the reader could confirm, and what the reader asked for. */
export function TwoPersonRequestList() {
  const { t } = useLingui();
  const pages = useApiPages("GET /two-person-requests", { query: {} });
  const [ending, setEnding] = useState<TwoPersonRequest | null>(null);
  const columns = useMemo<Column<TwoPersonRequest>[]>(
    () => [
      {
        id: "by",
        header: t`Asked by`,
        width: "minmax(8rem, 0.8fr)",
        cell: (row) => (row.yours ? t`You` : row.requested_by?.name),
      },
      {
        id: "reason",
        header: t`Reason`,
        width: "minmax(10rem, 1.4fr)",
        cell: (row) =>
          row.reason && (
            <span title={row.reason} className="text-muted">
              {row.reason}
            </span>
          ),
      },
      {
        id: "asked",
        header: t`Asked`,
        roomy: true,
        width: "10rem",
        cell: (row) => <TimeText at={row.requested_at} className="text-muted" />,
      },
      {
        id: "until",
        header: t`Runs out`,
        width: "9rem",
        cell: (row) => <TimeText at={row.expires_at} dateOnly className="text-muted" />,
      },
    ],
    [t],
  );
  return (
    <ListPage
      title={t`Second person`}
      lead={t`Some acts take two people: one asks, another one opens the record and sends the same. What nobody confirms runs out after a week.`}
      pages={pages}
      name={{ header: t`Asked for`, width: "minmax(14rem, 1.4fr)", of: (row) => <What request={row} /> }}
      columns={columns}
      narrow={{
        second: (row) => [row.yours ? t`You` : row.requested_by?.name, row.reason].filter(Boolean).join(" · "),
      }}
      act={{
        label: t`Withdraw or decline`,
        width: "8rem",
        of: (row) => (
          <Button onClick={() => setEnding(row)}>
            {row.yours ? <Trans>Withdraw</Trans> : <Trans context="a request">Decline</Trans>}
          </Button>
        ),
      }}
      empty={{
        icon: <UsersRound />,
        title: t`Nothing waits for a second person`,
        text: <Trans>Merging patients, moving a sample, erasing a person: what somebody asks for stands here.</Trans>,
      }}
    >
      {ending && <EndDialog request={ending} onClose={() => setEnding(null)} />}
    </ListPage>
  );
}

function What({ request }: { request: TwoPersonRequest }) {
  const { from, label, into_label } = request;
  const number = <span className="mono">{label}</span>;
  const other = <span className="mono">{into_label}</span>;
  switch (request.kind) {
    case "merge":
      return (
        <Link to="/patients/$id" params={{ id: from }} className={rowLinkClass}>
          <Trans>
            Merge patient {number} into {other}
          </Trans>
        </Link>
      );
    case "erase":
      return (
        <Link to="/patients/$id" params={{ id: from }} className={rowLinkClass}>
          <Trans>Erase patient {number}</Trans>
        </Link>
      );
    case "relink":
      return (
        <Link to="/samples/$id" params={{ id: from }} className={rowLinkClass}>
          <Trans>
            Move sample {number} to order {other}
          </Trans>
        </Link>
      );
    case "key_rotation":
      return (
        <Link to="/audit/keys" className={rowLinkClass}>
          <Trans>Replace the audit log's signing key</Trans>
        </Link>
      );
  }
}

function EndDialog({ request, onClose }: { request: TwoPersonRequest; onClose: () => void }) {
  const { t } = useLingui();
  const act = useAct("POST /two-person-requests/{id}/withdraw");
  return (
    <ReasonDialog
      title={request.yours ? t`Withdraw the request` : t`Decline the request`}
      description={t`It waits for nobody any more; who still wants it asks again.`}
      presets={[t`Asked for by mistake`]}
      required={false}
      label={request.yours ? t`Withdraw` : t({ message: "Decline", context: "a request" })}
      busy={act.isPending}
      error={act.error}
      onClose={onClose}
      onSubmit={(reason) =>
        act.mutate({ path: { id: request.id }, body: reason ? { reason } : {} }, { onSuccess: onClose })
      }
    />
  );
}
