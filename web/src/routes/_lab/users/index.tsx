import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { UserPlus } from "lucide-react";
import { userSearch } from "@/features/people/search";
import { UserFilters, UserList } from "@/features/people/user-list";
import { useMay } from "@/session/session";
import { ButtonLink } from "@/ui/button";
import { Page } from "@/ui/page";
import { ForbiddenState } from "@/ui/states";

export const Route = createFileRoute("/_lab/users/")({ validateSearch: userSearch, component: Users });

function Users() {
  const { t } = useLingui();
  const search = Route.useSearch();
  const may = useMay();
  if (!may("user:read")) return <ForbiddenState />;
  const add = may("user:manage") && (
    <ButtonLink to="/users/new" tone="primary" icon={<UserPlus />}>
      <Trans>New user</Trans>
    </ButtonLink>
  );
  return (
    <Page fill title={t`Users`} actions={add}>
      <UserFilters search={search} />
      <UserList search={search} emptyAction={add} />
    </Page>
  );
}
