import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useNavigate } from "@tanstack/react-router";
import { ListTree, Table2 } from "lucide-react";
import { useApi } from "@/api/queries";
import { ChoiceField } from "@/ui/field";
import { Combobox } from "@/ui/combobox";
import { SearchBox } from "@/ui/search-box";
import type { WorklistSearch } from "./search";

/** Which results are on the desk: by state, test and sample. Everything chosen stands in the address bar. */
export function WorklistFilters({ search }: { search: WorklistSearch }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const tests = useApi("GET /tests", { query: { active: true, limit: 200 } });
  const choices = (tests.data?.items ?? []).map((each) => ({
    id: each.id,
    label: each.name,
    note: `${each.code} · ${each.method} · ${each.unit}`,
  }));
  const change = (next: Partial<WorklistSearch>) =>
    void navigate({ to: "/results", search: prune({ ...search, ...next }), replace: true });
  const views = [
    { id: undefined, label: t`To enter` },
    { id: "entered", label: t`Entered, not verified` },
    { id: "both", label: t`Both` },
  ] as const;
  return (
    <div className="flex flex-wrap items-center gap-2 px-4 pb-3 sm:px-6">
      <nav aria-label={t`Views`} className="-mx-1 flex gap-1 overflow-x-auto px-1 py-0.5">
        {views.map((view) => (
          <Link
            key={view.label}
            to="/results"
            search={prune({ ...search, show: view.id })}
            aria-current={search.show === view.id ? "true" : undefined}
            className={`flex min-h-[var(--control)] items-center rounded-md px-3 whitespace-nowrap ${search.show === view.id ? "bg-selected font-medium text-accent" : "text-muted hover:bg-hover hover:text-ink"}`}
          >
            {view.label}
          </Link>
        ))}
      </nav>
      <span className="flex w-full sm:w-auto">
        <SearchBox
          compact
          value={search.q ?? ""}
          onChange={(q) => change({ q: q || undefined })}
          label={t`Search by accession number`}
          placeholder={t`Accession number`}
        />
      </span>
      <div className="min-w-0 flex-1 sm:w-52 sm:flex-none">
        <Combobox
          label={t`Test`}
          placeholder={t`All tests`}
          choices={choices}
          busy={tests.isPending}
          value={choices.find((each) => each.id === search.test_id) ?? null}
          onChange={(choice) => change({ test_id: choice?.id })}
        />
      </div>
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

function prune(search: WorklistSearch): WorklistSearch {
  return Object.fromEntries(
    Object.entries(search).filter(([, value]) => value !== undefined && value !== ""),
  ) as WorklistSearch;
}
