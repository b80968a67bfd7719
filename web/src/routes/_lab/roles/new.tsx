import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import * as v from "valibot";
import { useApi } from "@/api/queries";
import { RoleEditor } from "@/features/people/role-editor";
import { useMay } from "@/session/session";
import { PageSkeleton } from "@/shell/page-skeleton";
import { Page } from "@/ui/page";
import { ForbiddenState } from "@/ui/states";
import { UpLink } from "@/ui/up-link";

export const Route = createFileRoute("/_lab/roles/new")({
  validateSearch: v.object({ copy: v.optional(v.string()) }),
  component: New,
});

function New() {
  const { t } = useLingui();
  const may = useMay();
  const { copy } = Route.useSearch();
  const from = useApi("GET /roles/{id}", { path: { id: copy ?? "" } }, { enabled: Boolean(copy) });
  if (!may("role:manage")) return <ForbiddenState />;
  if (copy && from.isPending) return <PageSkeleton />;
  return (
    <Page
      title={t`New role`}
      lead={from.data && t`Begins as a copy of ${from.data.name}.`}
      above={
        <UpLink to="/roles">
          <Trans>Roles</Trans>
        </UpLink>
      }
    >
      <RoleEditor key={from.data?.id} edited={null} copyOf={from.data} />
    </Page>
  );
}
