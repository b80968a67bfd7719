import { useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { LaboratorySessions } from "@/features/access/laboratory-sessions";
import { useMay } from "@/session/session";
import { Page } from "@/ui/page";
import { ForbiddenState } from "@/ui/states";

export const Route = createFileRoute("/_lab/sessions/")({ component: Sessions });

function Sessions() {
  const { t } = useLingui();
  const may = useMay();
  if (!may("user:manage")) return <ForbiddenState />;
  return (
    <Page
      fill
      title={t`Signed in now`}
      lead={t`Every living session of the laboratory, parked and locked ones too, newest first.`}
    >
      <LaboratorySessions />
    </Page>
  );
}
