import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { ExportList } from "@/features/audit/export-list";
import { HowToVerify, NewExport } from "@/features/audit/exports";
import { useMay } from "@/session/session";
import { Page } from "@/ui/page";
import { ForbiddenState } from "@/ui/states";
import { UpLink } from "@/ui/up-link";

export const Route = createFileRoute("/_lab/audit/exports")({ component: Exports });

function Exports() {
  const { t } = useLingui();
  const may = useMay();
  if (!may("audit:export")) return <ForbiddenState />;
  return (
    <Page
      title={t`Exports of the audit trail`}
      lead={t`Evidence that checks out on the assessor's own computer, without this laboratory's help.`}
      above={
        <UpLink to="/audit">
          <Trans>Audit trail</Trans>
        </UpLink>
      }
    >
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <div className="flex flex-col gap-4">
          <NewExport />
          <ExportList />
        </div>
        <HowToVerify />
      </div>
    </Page>
  );
}
