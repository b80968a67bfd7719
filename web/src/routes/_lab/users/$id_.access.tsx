import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute, useNavigate } from "@tanstack/react-router";
import { GitCompareArrows } from "lucide-react";
import type { Access } from "@/api/types-access";
import { AccessView } from "@/features/people/access-view";
import { accessSearch } from "@/features/people/search";
import { Allowed } from "@/session/allowed";
import { Loaded } from "@/shell/loaded";
import { ButtonLink } from "@/ui/button";
import { ChoiceField } from "@/ui/field";
import { Page } from "@/ui/page";
import { SearchBox } from "@/ui/search-box";
import { UpLink } from "@/ui/up-link";

export const Route = createFileRoute("/_lab/users/$id_/access")({
  validateSearch: accessSearch,
  component: AccessPage,
});

function AccessPage() {
  const { id } = Route.useParams();
  return (
    <Allowed to="user:read">
      <Loaded read="GET /users/{id}/access" input={{ path: { id } }}>
        {(access) => <AccessDetails access={access} />}
      </Loaded>
    </Allowed>
  );
}

function AccessDetails({ access }: { access: Access }) {
  const { t } = useLingui();
  const { q = "", show } = Route.useSearch();
  const navigate = useNavigate();
  const { user } = access;
  const { id } = user;
  const change = (next: { q?: string; show?: typeof show }) =>
    void navigate({
      to: "/users/$id/access",
      params: { id },
      search: { ...(next.q ? { q: next.q } : {}), ...(next.show ? { show: next.show } : {}) },
      replace: true,
    });
  return (
    <Page
      documentTitle={t`Rights of ${user.name}`}
      above={
        <>
          <UpLink to="/users">
            <Trans>Users</Trans>
          </UpLink>
          <span aria-hidden>/</span>
          <UpLink to="/users/$id" params={{ id }}>
            {user.name}
          </UpLink>
        </>
      }
      title={t`Why may ${user.name} do that?`}
      lead={t`Search for an act. Roles give; exceptions give or take; what is taken wins.`}
      actions={
        <ButtonLink to="/roles/compare" search={{ left: `user:${id}` }} icon={<GitCompareArrows />}>
          <Trans>Compare…</Trans>
        </ButtonLink>
      }
    >
      <div className="mb-4 flex flex-wrap items-end gap-3">
        <span className="flex w-full sm:w-80">
          <SearchBox
            value={q}
            onChange={(next) => change({ q: next, show })}
            label={t`Search for a permission`}
            placeholder={t`What somebody does, e.g. release`}
          />
        </span>
        <ChoiceField
          label={t`Show`}
          hideLabel
          value={show ?? "all"}
          onChange={(next) => change({ q, show: next === "all" ? undefined : next })}
          options={[
            { value: "all", label: t`All` },
            { value: "held", label: t`May` },
            { value: "missing", label: t`May not` },
            { value: "exceptions", label: t`Exceptions` },
          ]}
        />
      </div>
      <AccessView access={access} q={q} filter={show} />
    </Page>
  );
}
