import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { ListTree, Table2 } from "lucide-react";
import { ListViews } from "@/features/list-views";
import { TestFilter } from "@/features/pickers/test-filter";
import { prune } from "@/features/search";
import { ChoiceField } from "@/ui/field";
import { SearchBox } from "@/ui/search-box";
import type { WorklistSearch } from "./search";

/** Which results are on the desk: by state, test and sample. Everything chosen stands in the address bar. */
export function WorklistFilters({ search }: { search: WorklistSearch }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const change = (next: Partial<WorklistSearch>) =>
    void navigate({ to: "/results", search: prune({ ...search, ...next }), replace: true });
  const views = [
    { value: undefined, label: t`To enter` },
    { value: "entered", label: t`Entered, not verified` },
    { value: "both", label: t`Both` },
  ] as const;
  return (
    <div className="flex flex-wrap items-center gap-2 px-4 pb-3 sm:px-6">
      <ListViews at="/results" search={search} by="show" views={views} />
      <span className="flex w-full sm:w-auto">
        <SearchBox
          compact
          value={search.q ?? ""}
          onChange={(q) => change({ q: q || undefined })}
          label={t`Search by accession number`}
          placeholder={t`Accession number`}
        />
      </span>
      <TestFilter
        className="min-w-0 flex-1 sm:w-52 sm:flex-none"
        value={search.test_id}
        onChange={(test_id) => change({ test_id })}
      />
      <ChoiceField
        label={t`Layout`}
        hideLabel
        value={search.layout ?? "table"}
        onChange={(layout) => change({ layout: layout === "table" ? undefined : layout })}
        options={[
          { value: "table", label: <Trans>Table</Trans>, icon: <Table2 aria-hidden /> },
          { value: "list", label: <Trans>List</Trans>, icon: <ListTree aria-hidden /> },
        ]}
      />
    </div>
  );
}
