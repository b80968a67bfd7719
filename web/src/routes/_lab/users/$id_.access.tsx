import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute, Link, useNavigate } from "@tanstack/react-router";
import { GitCompareArrows } from "lucide-react";
import { useApi } from "@/api/queries";
import { AccessView } from "@/features/people/access-view";
import { accessSearch } from "@/features/people/search";
import { useMay } from "@/session/session";
import { PageSkeleton } from "@/shell/page-skeleton";
import { ButtonLink } from "@/ui/button";
import { ChoiceField } from "@/ui/field";
import { Page } from "@/ui/page";
import { SearchBox } from "@/ui/search-box";
import { ErrorState, ForbiddenState } from "@/ui/states";

export const Route = createFileRoute("/_lab/users/$id_/access")({
  validateSearch: accessSearch,
  component: AccessPage,
});

function AccessPage() {
  const { t } = useLingui();
  const { id } = Route.useParams();
  const { q = "", show } = Route.useSearch();
  const navigate = useNavigate();
  const may = useMay();
  const allowed = may("user:read");
  const { data, error, refetch } = useApi("GET /users/{id}/access", { path: { id } }, { enabled: allowed });
  if (!allowed) return <ForbiddenState />;
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <PageSkeleton />;
  const change = (next: { q?: string; show?: typeof show }) =>
    void navigate({
      to: "/users/$id/access",
      params: { id },
      search: { ...(next.q ? { q: next.q } : {}), ...(next.show ? { show: next.show } : {}) },
      replace: true,
    });
  return (
    <Page
      documentTitle={t`Rights of ${data.user.name}`}
      above={
        <>
          <Link to="/users" className="hover:text-ink hover:underline">
            <Trans>Users</Trans>
          </Link>
          <span aria-hidden>/</span>
          <Link to="/users/$id" params={{ id }} className="hover:text-ink hover:underline">
            {data.user.name}
          </Link>
        </>
      }
      title={t`Why may ${data.user.name} do that?`}
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
      <AccessView access={data} q={q} filter={show} />
    </Page>
  );
}
