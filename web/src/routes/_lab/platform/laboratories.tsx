import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import { OpenDialog } from "@/features/platform/dialogs";
import { LaboratoryList } from "@/features/platform/laboratories";
import { useMay } from "@/session/session";
import { Button } from "@/ui/button";
import { Page } from "@/ui/page";
import { ForbiddenState } from "@/ui/states";

export const Route = createFileRoute("/_lab/platform/laboratories")({ component: Laboratories });

function Laboratories() {
  const { t } = useLingui();
  const may = useMay();
  const [opening, setOpening] = useState(false);
  if (!may("platform:read")) return <ForbiddenState />;
  const open = may("platform:manage") && (
    <Button tone="primary" icon={<Plus />} onClick={() => setOpening(true)}>
      <Trans>Open a laboratory</Trans>
    </Button>
  );
  return (
    <Page
      fill
      title={t`Laboratories`}
      lead={t`From outside: what is in a laboratory is its own. Each act is in your ledger and in the laboratory's.`}
      actions={open}
    >
      <LaboratoryList emptyAction={open} />
      {opening && <OpenDialog onClose={() => setOpening(false)} />}
    </Page>
  );
}
