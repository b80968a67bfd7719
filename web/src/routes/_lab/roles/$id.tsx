import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute, Link } from "@tanstack/react-router";
import { Copy, GitCompareArrows } from "lucide-react";
import { useApi } from "@/api/queries";
import { RoleEditor } from "@/features/people/role-editor";
import { useMay } from "@/session/session";
import { PageSkeleton } from "@/shell/page-skeleton";
import { ButtonLink } from "@/ui/button";
import { Page } from "@/ui/page";
import { Pill } from "@/ui/pill";
import { ErrorState, ForbiddenState } from "@/ui/states";

export const Route = createFileRoute("/_lab/roles/$id")({ component: RolePage });

function RolePage() {
  const { t } = useLingui();
  const { id } = Route.useParams();
  const may = useMay();
  const { data: role, error, refetch } = useApi("GET /roles/{id}", { path: { id } }, { enabled: may("user:read") });
  if (!may("user:read")) return <ForbiddenState />;
  if (error && !role) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!role) return <PageSkeleton />;
  return (
    <Page
      documentTitle={role.name}
      above={
        <Link to="/roles" className="hover:text-ink hover:underline">
          <Trans>Roles</Trans>
        </Link>
      }
      title={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          {role.name}
          {role.builtin && <Pill tone="grey">{t`Ships with Attest`}</Pill>}
        </span>
      }
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
