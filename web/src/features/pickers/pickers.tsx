import { useLingui } from "@lingui/react/macro";
import { useApi } from "@/api/queries";
import { type Choice, Combobox, MultiCombobox } from "@/ui/combobox";
import type { ControlProps } from "@/ui/field";
import { useTyped } from "./typed";

interface PickerProps {
  value: Choice | null;
  onChange: (value: Choice | null) => void;
  control?: ControlProps;
  label?: string;
  placeholder?: string;
}

/** A client, looked up on the server by name or code. */
export function ClientPicker(props: PickerProps) {
  const { t } = useLingui();
  const { q, typing, setText } = useTyped(200);
  const found = useApi("GET /clients", { query: { q: q || undefined, active: true, limit: 20 } });
  const choices = (typing ? [] : (found.data?.items ?? [])).map((each) => ({
    id: each.id,
    label: each.name,
    note: each.code ?? undefined,
  }));
  return (
    <Combobox
      placeholder={t`Name or code`}
      {...props}
      choices={choices}
      onSearch={setText}
      busy={typing || found.isPending}
      emptyText={t`No client of that name or code.`}
    />
  );
}

/** A patient: only exact names and identifiers find one, because names are stored encrypted. */
export function PatientPicker(props: PickerProps) {
  const { t } = useLingui();
  const { q, typing, setText } = useTyped(250);
  const found = useApi("POST /patients/search", { body: { q, limit: 20 } }, { enabled: q.length >= 2 });
  const choices = (typing ? [] : (found.data?.items ?? [])).map((each) => ({
    id: each.id,
    label: `${each.family_name} ${each.given_name}`,
    note: [each.birth_date, ...each.identifiers.map((id) => `${id.system} ${id.value}`)].filter(Boolean).join(" · "),
  }));
  return (
    <Combobox
      placeholder={t`Full name, family name or identifier`}
      {...props}
      choices={choices}
      onSearch={setText}
      busy={typing || found.isFetching}
      emptyText={
        q.length < 2
          ? t`Type the whole family name or an identifier.`
          : t`Nobody found. Names must be typed completely.`
      }
    />
  );
}

export function SampleTypePicker(props: PickerProps) {
  const { t } = useLingui();
  const types = useApi("GET /sample-types", { query: { active: true, limit: 200 } });
  const choices = (types.data?.items ?? []).map((each) => ({
    id: each.id,
    label: each.name,
    note: each.matrix ?? undefined,
  }));
  return <Combobox placeholder={t`Choose a type`} {...props} choices={choices} busy={types.isPending} />;
}

export function ContainerPicker(props: PickerProps) {
  const { t } = useLingui();
  const found = useApi("GET /containers", { query: { active: true, limit: 200 } });
  const choices = (found.data?.items ?? []).map((each) => ({
    id: each.id,
    label: each.name,
    note: [each.volume, each.additive].filter(Boolean).join(", ") || undefined,
  }));
  return <Combobox placeholder={t`Choose a container`} {...props} choices={choices} busy={found.isPending} />;
}

export function LocationPicker(props: PickerProps) {
  const { t } = useLingui();
  const found = useApi("GET /locations", { query: { active: true, limit: 200 } });
  const choices = (found.data?.items ?? []).map((each) => ({
    id: each.id,
    label: each.name,
    note: each.description ?? undefined,
  }));
  return <Combobox placeholder={t`Choose a place`} {...props} choices={choices} busy={found.isPending} />;
}

export function SpecificationPicker(props: PickerProps) {
  const { t } = useLingui();
  const found = useApi("GET /specifications", { query: { active: true, limit: 200 } });
  const choices = (found.data?.items ?? []).map((each) => ({ id: each.id, label: each.name }));
  return <Combobox placeholder={t`By sample type and client`} {...props} choices={choices} busy={found.isPending} />;
}

/** What a tests picker holds: single tests and whole panels, told apart by the prefix of their id. */
export interface Wanted {
  test_ids: string[];
  panel_ids: string[];
}

export function wantedOf(choices: readonly Choice[]): Wanted {
  const ids = (prefix: string) =>
    choices.filter((each) => each.id.startsWith(prefix)).map((each) => each.id.slice(prefix.length));
  return { test_ids: ids("test:"), panel_ids: ids("panel:") };
}

/** All tests and panels as choices; panels first, because they are what is usually ordered. */
export function useTestChoices(): { choices: Choice[]; busy: boolean; error: unknown } {
  const { t } = useLingui();
  const tests = useApi("GET /tests", { query: { active: true, limit: 200 } });
  const panels = useApi("GET /panels", { query: { active: true, limit: 200 } });
  const choices = [
    ...(panels.data?.items ?? []).map((panel) => ({
      id: `panel:${panel.id}`,
      label: panel.name,
      note: t`Panel of ${panel.tests.length}: ${panel.tests.map((each) => each.name).join(", ")}`,
    })),
    ...(tests.data?.items ?? []).map((test) => ({
      id: `test:${test.id}`,
      label: test.name,
      note: `${test.code} · ${test.method} · ${test.unit}`,
    })),
  ];
  return { choices, busy: tests.isPending || panels.isPending, error: tests.error ?? panels.error };
}

export function TestsPicker({
  value,
  onChange,
  control,
  without,
  testsOnly,
}: {
  value: Choice[];
  onChange: (value: Choice[]) => void;
  control?: ControlProps;
  without?: ReadonlySet<string>;
  testsOnly?: boolean;
}) {
  const { t } = useLingui();
  const { choices, busy } = useTestChoices();
  return (
    <MultiCombobox
      control={control}
      value={value}
      onChange={onChange}
      choices={choices.filter((each) => !without?.has(each.id) && !(testsOnly && each.id.startsWith("panel:")))}
      busy={busy}
      placeholder={testsOnly ? t`Tests by name or code` : t`Tests and panels by name or code`}
    />
  );
}
