import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { ListTree, Table2 } from "lucide-react";
import { useApi } from "@/api/queries";
import { prune } from "@/features/search";
import { ChoiceField } from "@/ui/field";
import { Combobox } from "@/ui/combobox";
import { SearchBox } from "@/ui/search-box";
import { View, Views } from "@/ui/views";
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
      <Views>
        {views.map((view) => (
          <View
            key={view.label}
            to="/results"
            search={prune({ ...search, show: view.id })}
            current={search.show === view.id}
          >
            {view.label}
          </View>
        ))}
      </Views>
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
