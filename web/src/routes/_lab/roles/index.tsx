import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { GitCompareArrows, Plus } from "lucide-react";
import { RoleMatrix } from "@/features/people/role-matrix";
import { useMay } from "@/session/session";
import { ButtonLink } from "@/ui/button";
import { Page } from "@/ui/page";
import { ForbiddenState } from "@/ui/states";

export const Route = createFileRoute("/_lab/roles/")({ component: Roles });

function Roles() {
  const { t } = useLingui();
  const may = useMay();
  if (!may("user:read")) return <ForbiddenState />;
  return (
    <Page
      fill
      title={t`Roles`}
      lead={t`Who may do what, on one sheet. A role's name opens it.`}
      actions={
        <>
          <ButtonLink to="/roles/compare" search={{}} icon={<GitCompareArrows />}>
            <Trans>Compare…</Trans>
          </ButtonLink>
          {may("role:manage") && (
            <ButtonLink to="/roles/new" tone="primary" icon={<Plus />}>
              <Trans>New role</Trans>
            </ButtonLink>
          )}
        </>
      }
    >
      <RoleMatrix />
    </Page>
  );
}
