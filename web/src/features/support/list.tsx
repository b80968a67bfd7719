import { Trans, useLingui } from "@lingui/react/macro";
import { LifeBuoy } from "lucide-react";
import { useMemo, useState } from "react";
import { useAct, useApiPages } from "@/api/queries";
import type { SupportAccess } from "@/api/types-platform";
import { useMay } from "@/session/session";
import { Button } from "@/ui/button";
import type { Column } from "@/ui/data-table";
import { ListPage } from "@/ui/list-page";
import { ReasonDialog } from "@/ui/reason-dialog";
import { TimeText } from "@/ui/time-text";
import { InviteDialog } from "./invite-dialog";
import { isOpen, SupportPill } from "./state-pill";

/** Whom of the platform the laboratory let in, or may let in; each can be ended at any moment. */
export function SupportList() {
  const { t } = useLingui();
  const may = useMay();
  const pages = useApiPages("GET /support-access", { query: {} });
  const [inviting, setInviting] = useState(false);
  const [ending, setEnding] = useState<SupportAccess | null>(null);
  const manages = may("user:manage");
  const columns = useMemo<Column<SupportAccess>[]>(
    () => [
      { id: "state", header: t`Status`, width: "9rem", cell: (row) => <SupportPill state={row.state} /> },
      {
        id: "roles",
        header: t`As what`,
        width: "minmax(6rem, 0.8fr)",
        cell: (row) => row.roles.map((role) => role.name).join(", "),
      },
      {
        id: "reason",
        header: t`What for`,
        roomy: true,
        width: "minmax(8rem, 1.4fr)",
        cell: (row) => <span className="text-muted">{row.reason}</span>,
      },
      { id: "by", header: t`Invited by`, width: "minmax(6rem, 0.8fr)", cell: (row) => row.invited_by?.name },
      {
        id: "until",
        header: t`Until`,
        width: "9rem",
        cell: (row) => <TimeText at={row.ended_at ?? row.until} className="text-muted" />,
      },
    ],
    [t],
  );
  return (
    <ListPage
      title={t`Support access`}
      lead={t`Those who run this installation come in only when you invite them: for a while, announced, and in both ledgers.`}
      action={
        manages && (
          <Button tone="primary" icon={<LifeBuoy />} onClick={() => setInviting(true)}>
            <Trans>Invite support</Trans>
          </Button>
        )
      }
      pages={pages}
      name={{
        header: t`Who`,
        width: "minmax(8rem, 1fr)",
        of: (row) => <span className="font-medium">{row.operator}</span>,
      }}
      columns={columns}
      narrow={{ marks: (row) => <SupportPill state={row.state} />, second: (row) => row.reason }}
      act={{
        label: t`End now`,
        width: "7rem",
        of: (row) =>
          manages && isOpen(row.state) ? (
            <Button onClick={() => setEnding(row)} aria-label={t`End now: ${row.operator}`}>
              <Trans>End now</Trans>
            </Button>
          ) : null,
      }}
      empty={{
        icon: <LifeBuoy />,
        title: t`Nobody of the platform was invited`,
        text: <Trans>Without an invitation, those who run this installation see nothing of your data.</Trans>,
      }}
    >
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
      {ending && <EndDialog access={ending} onClose={() => setEnding(null)} />}
    </ListPage>
  );
}

function EndDialog({ access, onClose }: { access: SupportAccess; onClose: () => void }) {
  const { t } = useLingui();
  const act = useAct("POST /support-access/{id}/end");
  return (
    <ReasonDialog
      danger
      title={t`End support access`}
      description={t`${access.operator} is out with the next request, and cannot come back without a new invitation.`}
      presets={[t`Solved`]}
      required={false}
      label={t`End now`}
      busy={act.isPending}
      error={act.error}
      onClose={onClose}
      onSubmit={(reason) =>
        act.mutate({ path: { id: access.id }, body: reason ? { reason } : {} }, { onSuccess: onClose })
      }
    />
  );
}
