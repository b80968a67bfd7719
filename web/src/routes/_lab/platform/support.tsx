import { useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { InvitationList } from "@/features/platform/invitations";
import { useMay } from "@/session/session";
import { Page } from "@/ui/page";
import { ForbiddenState } from "@/ui/states";

export const Route = createFileRoute("/_lab/platform/support")({ component: Support });

function Support() {
  const { t } = useLingui();
  const may = useMay();
  if (!may("platform:read")) return <ForbiddenState />;
  return (
    <Page
      fill
      title={t`Support access`}
      lead={t`Laboratories that asked for your help. Entering takes the place of this session; the laboratory is told.`}
    >
      <InvitationList />
    </Page>
  );
}
