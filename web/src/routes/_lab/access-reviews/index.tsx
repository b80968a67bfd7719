import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute, useNavigate } from "@tanstack/react-router";
import { ClipboardPlus } from "lucide-react";
import { useState } from "react";
import { useApi } from "@/api/queries";
import { OpenDialog } from "@/features/access-reviews/dialogs";
import { AccessReviewList } from "@/features/access-reviews/list";
import { useMay } from "@/session/session";
import { Button } from "@/ui/button";
import { Page } from "@/ui/page";
import { ForbiddenState } from "@/ui/states";

export const Route = createFileRoute("/_lab/access-reviews/")({ component: AccessReviews });

function AccessReviews() {
  const { t } = useLingui();
  const may = useMay();
  const navigate = useNavigate();
  const allowed = may("user:read");
  const [asking, setAsking] = useState(false);
  const open = useApi("GET /access-reviews", { query: { status: "open", limit: 1 } }, { enabled: allowed });
  if (!allowed) return <ForbiddenState />;
  const number = open.data?.items[0]?.number;
  const begin = may("user:manage") && (
    <Button
      tone="primary"
      icon={<ClipboardPlus />}
      onClick={() => setAsking(true)}
      disabledReason={number && t`Review ${number} is open; finish it first.`}
    >
      <Trans>Begin a review</Trans>
    </Button>
  );
  return (
    <Page
      fill
      title={t`Access reviews`}
      lead={t`Who has access, confirmed person by person and signed (ISO/IEC 17025, 7.11; ISO 15189, 7.6.3).`}
      actions={begin}
    >
      <AccessReviewList />
      {asking && (
        <OpenDialog
          onClose={() => setAsking(false)}
          onDone={(review) => void navigate({ to: "/access-reviews/$id", params: { id: review.id } })}
        />
      )}
    </Page>
  );
}
