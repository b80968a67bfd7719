import { useLingui } from "@lingui/react/macro";
import { useApi } from "@/api/queries";
import { Combobox } from "@/ui/combobox";

/** Narrows a list of results to one test. */
export function TestFilter({
  value,
  onChange,
  className,
}: {
  value: string | undefined;
  onChange: (id: string | undefined) => void;
  className?: string;
}) {
  const { t } = useLingui();
  const tests = useApi("GET /tests", { query: { active: true, limit: 200 } });
  const choices = (tests.data?.items ?? []).map((each) => ({
    id: each.id,
    label: each.name,
    note: `${each.code} · ${each.method} · ${each.unit}`,
  }));
  return (
    <div className={className}>
      <Combobox
        label={t`Test`}
        placeholder={t`All tests`}
        choices={choices}
        busy={tests.isPending}
        value={choices.find((each) => each.id === value) ?? null}
        onChange={(choice) => onChange(choice?.id)}
      />
    </div>
  );
}
