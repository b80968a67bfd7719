import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useNavigate } from "@tanstack/react-router";
import { ClipboardCheck, ClipboardPlus } from "lucide-react";
import { useMemo, useState } from "react";
import { useApi, useApiPages } from "@/api/queries";
import type { AccessReviewSummary } from "@/api/types-access";
import { useMay } from "@/session/session";
import { Button } from "@/ui/button";
import { type Column, rowLinkClass } from "@/ui/data-table";
import { ListPage } from "@/ui/list-page";
import { TimeText } from "@/ui/time-text";
import { OpenDialog } from "./dialogs";
import { ReviewPill } from "./status";

/** Every review there was, newest first; a finished one leads to its signed record. */
export function AccessReviewList() {
  const { t } = useLingui();
  const may = useMay();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const pages = useApiPages("GET /access-reviews", { query: {} });
  const open = useApi("GET /access-reviews", { query: { status: "open", limit: 1 } });
  const number = open.data?.items[0]?.number;
  const columns = useMemo<Column<AccessReviewSummary>[]>(
    () => [
      { id: "status", header: t`Status`, width: "9rem", cell: (row) => <ReviewPill review={row} /> },
      {
        id: "opened",
        header: t`Opened`,
        width: "10rem",
        cell: (row) => <TimeText at={row.opened_at} className="text-muted" />,
      },
      { id: "decided", header: t`Decided`, width: "minmax(10rem, 1fr)", cell: (row) => <Outcome review={row} /> },
      {
        id: "finished",
        header: t`Finished`,
        width: "10rem",
        cell: (row) => <TimeText at={row.finished_at} className="text-muted" />,
      },
      {
        id: "by",
        header: t`Confirmed by`,
        roomy: true,
        width: "minmax(9rem, 1fr)",
        cell: (row) => row.finished_by?.name,
      },
    ],
    [t],
  );
  return (
    <ListPage
      title={t`Access reviews`}
      lead={t`Who has access, confirmed person by person and signed (ISO/IEC 17025, 7.11; ISO 15189, 7.6.3).`}
      action={
        may("user:manage") && (
          <Button
            tone="primary"
            icon={<ClipboardPlus />}
            onClick={() => setAsking(true)}
            disabledReason={number && t`Review ${number} is open; finish it first.`}
          >
            <Trans>Begin a review</Trans>
          </Button>
        )
      }
      pages={pages}
      name={{
        header: t`Review`,
        width: "minmax(6rem, 0.6fr)",
        of: (row) => (
          <Link to="/access-reviews/$id" params={{ id: row.id }} className={rowLinkClass}>
            {row.number}
          </Link>
        ),
      }}
      columns={columns}
      narrow={{
        marks: (row) => <ReviewPill review={row} />,
        second: (row) => (
          <>
            <TimeText at={row.opened_at} dateOnly /> · <Outcome review={row} />
          </>
        ),
      }}
      empty={{
        icon: <ClipboardCheck />,
        title: t`No review yet`,
        text: <Trans>The first one opens by itself when it is due. You can also begin one now.</Trans>,
      }}
    >
      {asking && (
        <OpenDialog
          onClose={() => setAsking(false)}
          onDone={(review) => void navigate({ to: "/access-reviews/$id", params: { id: review.id } })}
        />
      )}
    </ListPage>
  );
}

function Outcome({ review }: { review: AccessReviewSummary }) {
  const decided = review.accounts - review.undecided;
  return review.status === "finished" ? (
    <Trans>
      {review.kept} kept, {review.deactivated} deactivated
    </Trans>
  ) : (
    <Trans>
      {decided} of {review.accounts}
    </Trans>
  );
}
