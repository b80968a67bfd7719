import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { Copy, GitCompareArrows } from "lucide-react";
import type { Role } from "@/api/types-records";
import { RoleEditor } from "@/features/people/role-editor";
import { Allowed } from "@/session/allowed";
import { useMay } from "@/session/session";
import { Loaded } from "@/shell/loaded";
import { ButtonLink } from "@/ui/button";
import { Page } from "@/ui/page";
import { Pill } from "@/ui/pill";
import { UpLink } from "@/ui/up-link";

export const Route = createFileRoute("/_lab/roles/$id")({ component: RolePage });

function RolePage() {
  const { id } = Route.useParams();
  return (
    <Allowed to="user:read">
      <Loaded read="GET /roles/{id}" input={{ path: { id } }}>
        {(role) => <RoleDetails role={role} />}
      </Loaded>
    </Allowed>
  );
}

function RoleDetails({ role }: { role: Role }) {
  const { t } = useLingui();
  const may = useMay();
  return (
    <Page
      above={
        <UpLink to="/roles">
          <Trans>Roles</Trans>
        </UpLink>
      }
      title={role.name}
      marks={role.builtin && <Pill tone="grey">{t`Ships with Attest`}</Pill>}
      actions={
        <>
          <ButtonLink to="/roles/compare" search={{ left: `role:${role.id}` }} icon={<GitCompareArrows />}>
            <Trans>Compare…</Trans>
          </ButtonLink>
          {may("role:manage") && (
            <ButtonLink to="/roles/new" search={{ copy: role.id }} icon={<Copy />}>
              <Trans>Copy as a new role</Trans>
            </ButtonLink>
          )}
        </>
      }
    >
      <RoleEditor key={role.version} edited={role} />
    </Page>
  );
}
