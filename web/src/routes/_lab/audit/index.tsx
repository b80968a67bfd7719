import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { FileArchive, KeyRound } from "lucide-react";
import { EventList } from "@/features/audit/event-list";
import { AuditFilters } from "@/features/audit/filters";
import { auditSearch } from "@/features/audit/search";
import { useMay } from "@/session/session";
import { ButtonLink } from "@/ui/button";
import { Page } from "@/ui/page";
import { ForbiddenState } from "@/ui/states";

export const Route = createFileRoute("/_lab/audit/")({ validateSearch: auditSearch, component: Audit });

function Audit() {
  const { t } = useLingui();
  const search = Route.useSearch();
  const may = useMay();
  if (!may("audit:read")) return <ForbiddenState />;
  return (
    <Page
      title={t`Audit trail`}
      lead={t`Who did what, when and why. Each line can be proven.`}
      actions={
        <>
          <ButtonLink to="/audit/keys" icon={<KeyRound />}>
            <Trans>Signing keys</Trans>
          </ButtonLink>
          {may("audit:export") && (
            <ButtonLink to="/audit/exports" icon={<FileArchive />}>
              <Trans>Exports</Trans>
            </ButtonLink>
          )}
        </>
      }
    >
      <AuditFilters search={search} />
      <EventList search={search} />
    </Page>
  );
}
