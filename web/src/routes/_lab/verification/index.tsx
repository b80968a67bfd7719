import { useLingui } from "@lingui/react/macro";
import { createFileRoute, useNavigate } from "@tanstack/react-router";
import * as v from "valibot";
import { useApi } from "@/api/queries";
import { VerificationQueue } from "@/features/verification/queue";
import { useMay } from "@/session/session";
import { Combobox } from "@/ui/combobox";
import { Page } from "@/ui/page";
import { SearchBox } from "@/ui/search-box";
import { ForbiddenState } from "@/ui/states";

export const Route = createFileRoute("/_lab/verification/")({
  validateSearch: v.object({
    test_id: v.optional(v.string()),
    q: v.optional(v.fallback(v.optional(v.pipe(v.unknown(), v.transform(String))), undefined)),
  }),
  component: Verification,
});

function Verification() {
  const { t } = useLingui();
  const search = Route.useSearch();
  const navigate = useNavigate();
  const may = useMay();
  const tests = useApi("GET /tests", { query: { active: true, limit: 200 } });
  const choices = (tests.data?.items ?? []).map((each) => ({
    id: each.id,
    label: each.name,
    note: `${each.code} · ${each.method}`,
  }));
  const change = (next: typeof search) => {
    const merged = { ...search, ...next };
    void navigate({
      to: "/verification",
      search: { ...(merged.test_id ? { test_id: merged.test_id } : {}), ...(merged.q ? { q: merged.q } : {}) },
      replace: true,
    });
  };
  if (!may("result:verify") && !may("result:read")) return <ForbiddenState />;
  return (
    <Page fill title={t`Verify results`}>
      <div className="flex flex-wrap items-center gap-2 px-4 pb-3 sm:px-6">
        <span className="flex w-full sm:w-auto">
          <SearchBox
            value={search.q ?? ""}
            onChange={(q) => change({ q })}
            label={t`Search by accession number`}
            placeholder={t`Accession number`}
          />
        </span>
        <div className="min-w-0 flex-1 sm:w-60 sm:flex-none">
          <Combobox
            label={t`Test`}
            placeholder={t`All tests`}
            choices={choices}
            busy={tests.isPending}
            value={choices.find((each) => each.id === search.test_id) ?? null}
            onChange={(choice) => change({ test_id: choice?.id ?? "" })}
          />
        </div>
      </div>
      <VerificationQueue testId={search.test_id} q={search.q} />
    </Page>
  );
}
