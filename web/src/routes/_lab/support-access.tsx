import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { LifeBuoy } from "lucide-react";
import { useState } from "react";
import { InviteDialog } from "@/features/support/invite-dialog";
import { SupportList } from "@/features/support/list";
import { useMay } from "@/session/session";
import { Button } from "@/ui/button";
import { Page } from "@/ui/page";
import { ForbiddenState } from "@/ui/states";

export const Route = createFileRoute("/_lab/support-access")({ component: SupportAccess });

function SupportAccess() {
  const { t } = useLingui();
  const may = useMay();
  const [inviting, setInviting] = useState(false);
  if (!may("user:read")) return <ForbiddenState />;
  const invite = may("user:manage") && (
    <Button tone="primary" icon={<LifeBuoy />} onClick={() => setInviting(true)}>
      <Trans>Invite support</Trans>
    </Button>
  );
  return (
    <Page
      fill
      title={t`Support access`}
      lead={t`Those who run this installation come in only when you invite them: for a while, announced, and in both ledgers.`}
      actions={invite}
    >
      <SupportList emptyAction={invite} />
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
    </Page>
  );
}
