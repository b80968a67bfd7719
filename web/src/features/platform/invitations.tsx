import { Trans, useLingui } from "@lingui/react/macro";
import { DoorOpen, LifeBuoy } from "lucide-react";
import { useMemo } from "react";
import { useAct, useApiPages } from "@/api/queries";
import type { SupportInvitation } from "@/api/types-platform";
import { isOpen, SupportPill } from "@/features/support/state-pill";
import { Button } from "@/ui/button";
import type { Column } from "@/ui/data-table";
import { ListPage } from "@/ui/list-page";
import { ActError } from "@/ui/states";
import { TimeText } from "@/ui/time-text";

/** The laboratories that invited the operator, and the door into each. */
export function InvitationList() {
  const { t } = useLingui();
  const pages = useApiPages("GET /platform/support-access", { query: {} });
  const act = useAct("POST /platform/support-access/{id}/enter");
  const columns = useMemo<Column<SupportInvitation>[]>(
    () => [
      { id: "state", header: t`Status`, width: "10rem", cell: (row) => <SupportPill state={row.state} /> },
      {
        id: "reason",
        header: t`What for`,
        width: "minmax(12rem, 1.6fr)",
        cell: (row) => <span className="text-muted">{row.reason}</span>,
      },
      {
        id: "until",
        header: t`Until`,
        width: "9rem",
        cell: (row) => <TimeText at={row.ended_at ?? row.until} className="text-muted" />,
      },
    ],
    [t],
  );
  // The session is the laboratory's now: everything on screen is read anew, as somebody else.
  const enter = (row: SupportInvitation) =>
    act.mutate({ path: { id: row.id }, body: {} }, { onSuccess: () => window.location.replace("/") });
  return (
    <ListPage
      title={t`Support access`}
      lead={t`Laboratories that asked for your help. Entering takes the place of this session; the laboratory is told.`}
      filters={act.error && <ActError error={act.error} className="w-full" />}
      pages={pages}
      name={{
        header: t`Laboratory`,
        width: "minmax(12rem, 1fr)",
        of: (row) => <span className="font-medium">{row.laboratory.name}</span>,
      }}
      columns={columns}
      narrow={{ marks: (row) => <SupportPill state={row.state} />, second: (row) => row.reason }}
      act={{
        label: t`Enter`,
        width: "8rem",
        of: (row) =>
          isOpen(row.state) ? (
            <Button
              tone="primary"
              icon={<DoorOpen />}
              busy={act.isPending && act.variables.path.id === row.id}
              onClick={() => enter(row)}
            >
              <Trans>Enter</Trans>
            </Button>
          ) : null,
      }}
      empty={{
        icon: <LifeBuoy />,
        title: t`No laboratory has invited you`,
        text: <Trans>An administrator of a laboratory invites by your e-mail address.</Trans>,
      }}
    />
  );
}
