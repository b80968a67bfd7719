import { useLingui } from "@lingui/react/macro";
import { createFileRoute, useNavigate } from "@tanstack/react-router";
import * as v from "valibot";
import { TestFilter } from "@/features/pickers/test-filter";
import { prune } from "@/features/search";
import { VerificationQueue } from "@/features/verification/queue";
import { Allowed } from "@/session/allowed";
import { Page } from "@/ui/page";
import { SearchBox } from "@/ui/search-box";

export const Route = createFileRoute("/_lab/verification/")({
  validateSearch: v.object({
    test_id: v.optional(v.string()),
    q: v.optional(v.fallback(v.optional(v.pipe(v.unknown(), v.transform(String))), undefined)),
  }),
  component: () => (
    <Allowed to={["result:verify", "result:read"]}>
      <Verification />
    </Allowed>
  ),
});

function Verification() {
  const { t } = useLingui();
  const search = Route.useSearch();
  const navigate = useNavigate();
  const change = (next: typeof search) =>
    void navigate({ to: "/verification", search: prune({ ...search, ...next }), replace: true });
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
        <TestFilter
          className="min-w-0 flex-1 sm:w-60 sm:flex-none"
          value={search.test_id}
          onChange={(test_id) => change({ test_id })}
        />
      </div>
      <VerificationQueue testId={search.test_id} q={search.q} />
    </Page>
  );
}
