import { Trans, useLingui } from "@lingui/react/macro";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct, useApi } from "@/api/queries";
import type { Specification, SpecificationLimit } from "@/api/types";
import type { SpecificationData } from "@/api/types-orders";
import { ClientPicker, SampleTypePicker } from "@/features/pickers/pickers";
import { useMe } from "@/session/session";
import { ActDialog } from "@/ui/act-dialog";
import { Button, IconButton } from "@/ui/button";
import { type Choice, Combobox } from "@/ui/combobox";
import { CheckField, ChoiceField, Field, SelectField, TextField } from "@/ui/field";
import { ActError } from "@/ui/states";
import { decimalOrNull, differing, isDecimal, textOrNull } from "./changes";
import { useCatalogueWords } from "./words";

const numbers = ["low", "high", "warn_low", "warn_high", "critical_low", "critical_high", "guard_band"] as const;
type Numbers = Record<(typeof numbers)[number], string>;
interface Row extends Numbers {
  key: number;
  test: string;
  text: string;
  /** Kept as it is: by sex and age a limit is written in the file, not here. */
  rest: Pick<SpecificationLimit, "sex" | "age_min_days" | "age_max_days">;
}

const nobody = { sex: null, age_min_days: null, age_max_days: null };
const rowOf = (limit: SpecificationLimit | null, key: number): Row => ({
  key,
  test: limit?.test_id ?? "",
  text: limit?.text ?? "",
  rest: limit ? { sex: limit.sex, age_min_days: limit.age_min_days, age_max_days: limit.age_max_days } : nobody,
  ...(Object.fromEntries(numbers.map((each) => [each, limit?.[each] ?? ""])) as Numbers),
});
const limitOf = (row: Row): SpecificationLimit => ({
  test_id: row.test,
  text: textOrNull(row.text),
  ...row.rest,
  ...(Object.fromEntries(numbers.map((each) => [each, decimalOrNull(row[each])])) as Record<
    (typeof numbers)[number],
    string | null
  >),
});

/** Limits that results are judged by, new or changed. Results keep the version that judged them. */
export function SpecificationDialog({
  specification,
  names,
  onClose,
}: {
  specification: Specification | null;
  /** What the type and the client of it are called. */
  names: { type?: string; client?: string };
  onClose: () => void;
}) {
  const { t } = useLingui();
  const words = useCatalogueWords();
  const medical = useMe().laboratory.kind === "medical";
  const create = useAct("POST /specifications");
  const patch = useAct("PATCH /specifications/{id}");
  const tests = useApi("GET /tests", { query: { active: true, limit: 200 } });
  const error = create.error ?? patch.error;
  const choice = (id: string | null | undefined, label: string | undefined): Choice | null =>
    id ? { id, label: label ?? "…" } : null;
  const [name, setName] = useState(specification?.name ?? "");
  const [kind, setKind] = useState(specification?.kind ?? (medical ? "reference_range" : "specification"));
  const [rule, setRule] = useState(specification?.decision_rule ?? "simple");
  const [judge, setJudge] = useState(specification?.judge ?? "rounded");
  const [type, setType] = useState(choice(specification?.sample_type_id, names.type));
  const [client, setClient] = useState(choice(specification?.client_id, names.client));
  const [active, setActive] = useState(specification?.active ?? true);
  const [rows, setRows] = useState<Row[]>(
    specification ? specification.limits.map((limit, key) => rowOf(limit, key)) : [rowOf(null, 0)],
  );
  const [next, setNext] = useState(1000);
  const [tried, setTried] = useState(false);
  const testChoices = (tests.data?.items ?? []).map((each) => ({
    id: each.id,
    label: each.name,
    note: `${each.code} · ${each.unit}`,
  }));
  const server = (path: string) => (isProblem(error) ? error.field(path) : undefined);
  const change = (key: number, part: Partial<Row>) =>
    setRows((now) => now.map((row) => (row.key === key ? { ...row, ...part } : row)));
  const filled = rows.filter((row) => row.test || row.text.trim() || numbers.some((each) => row[each].trim() !== ""));
  const wrongNumber = (text: string) => text.trim() !== "" && !isDecimal(text);
  const wrong = filled.some((row) => !row.test || numbers.some((each) => wrongNumber(row[each])));
  const data: SpecificationData = {
    name: name.trim(),
    kind,
    decision_rule: rule,
    judge,
    sample_type_id: type?.id ?? null,
    client_id: client?.id ?? null,
    active,
    limits: filled.map(limitOf),
  };
  const before: SpecificationData | undefined = specification
    ? {
        name: specification.name,
        kind: specification.kind,
        decision_rule: specification.decision_rule,
        judge: specification.judge,
        sample_type_id: specification.sample_type_id,
        client_id: specification.client_id,
        active: specification.active,
        limits: specification.limits.map((limit, key) => limitOf(rowOf(limit, key))),
      }
    : undefined;
  const changes = differing(data, before);
  const submit = () => {
    setTried(true);
    if (!data.name || wrong) return;
    if (specification)
      patch.mutate(
        { path: { id: specification.id }, body: changes, options: { version: specification.version } },
        { onSuccess: onClose },
      );
    else create.mutate({ body: data }, { onSuccess: onClose });
  };
  const heads: Record<(typeof numbers)[number], string> = {
    low: t`Lower limit`,
    high: t`Upper limit`,
    warn_low: t`Warning below`,
    warn_high: t`Warning above`,
    critical_low: t`Critical below`,
    critical_high: t`Critical above`,
    guard_band: t`Guard band`,
  };
  return (
    <ActDialog
      wide
      title={specification ? t`Change ${specification.name}` : medical ? t`New reference ranges` : t`New specification`}
      onClose={onClose}
      onSubmit={submit}
      busy={create.isPending || patch.isPending}
      label={t`Save`}
      disabledReason={specification && Object.keys(changes).length === 0 ? t`Nothing is changed.` : undefined}
    >
      <TextField
        label={t`Name`}
        required
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={(tried && !name.trim() ? t`The name is needed.` : undefined) ?? server("name")}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label={medical ? t`Specimen type` : t`Sample type`}
          hint={t`With a type or a client it holds by itself; with neither it is there to be chosen.`}
          error={server("sample_type_id")}
        >
          {(control) => <SampleTypePicker control={control} value={type} onChange={setType} />}
        </Field>
        <Field label={t`Client`} error={server("client_id")}>
          {(control) => <ClientPicker control={control} value={client} onChange={setClient} />}
        </Field>
        <ChoiceField
          label={t`Kind`}
          value={kind}
          onChange={setKind}
          options={(["specification", "reference_range"] as const).map((value) => ({
            value,
            label: words.kind(value),
          }))}
        />
        <ChoiceField
          label={t`Judged value`}
          value={judge}
          onChange={setJudge}
          options={[
            { value: "rounded", label: t`rounded` },
            { value: "unrounded", label: t`unrounded` },
          ]}
        />
        <SelectField
          label={t`Decision rule`}
          value={rule}
          onChange={(value) => value !== "" && setRule(value)}
          options={(["none", "simple", "guard_band"] as const).map((value) => ({ value, label: words.rule(value) }))}
          error={server("decision_rule")}
        />
      </div>
      <fieldset className="flex flex-col gap-3">
        <legend className="mb-2 text-xs font-medium">{t`Limits`}</legend>
        {rows.map((row, index) => (
          <div key={row.key} className="rounded-md border border-line p-3">
            <div className="flex items-end gap-2">
              <Field
                label={t`Test`}
                className="flex-1"
                error={
                  (tried && filled.includes(row) && !row.test ? t`Choose a test.` : undefined) ??
                  server(`limits.${index}.test_id`)
                }
              >
                {(control) => (
                  <Combobox
                    control={control}
                    choices={testChoices}
                    busy={tests.isPending}
                    placeholder={t`Name or code`}
                    value={testChoices.find((each) => each.id === row.test) ?? choice(row.test, "…")}
                    onChange={(test) => change(row.key, { test: test?.id ?? "" })}
                  />
                )}
              </Field>
              <IconButton
                label={t`Remove limit ${index + 1}`}
                icon={<X />}
                onClick={() => setRows((now) => now.filter((each) => each.key !== row.key))}
              />
            </div>
            {(row.rest.sex !== null || row.rest.age_min_days !== null || row.rest.age_max_days !== null) && (
              <p className="mt-1 text-xs text-muted">
                <Trans>For {words.forWhom(limitOf(row))}</Trans>
              </p>
            )}
            <div className="mt-2 grid grid-cols-2 gap-2 sm:grid-cols-4">
              {numbers
                .filter((each) => each !== "guard_band" || rule === "guard_band" || row.guard_band)
                .map((each) => (
                  <TextField
                    key={each}
                    mono
                    inputMode="decimal"
                    label={heads[each]}
                    value={row[each]}
                    onChange={(event) => change(row.key, { [each]: event.target.value })}
                    error={
                      (tried && wrongNumber(row[each]) ? t`Write a number such as 4.2.` : undefined) ??
                      server(`limits.${index}.${each}`)
                    }
                  />
                ))}
              <TextField
                className="col-span-2"
                label={t`Source or text`}
                value={row.text}
                onChange={(event) => change(row.key, { text: event.target.value })}
                error={server(`limits.${index}.text`)}
              />
            </div>
          </div>
        ))}
        <Button
          className="self-start"
          icon={<Plus />}
          onClick={() => {
            setRows((now) => [...now, rowOf(null, next)]);
            setNext(next + 1);
          }}
        >
          <Trans>Add a limit</Trans>
        </Button>
      </fieldset>
      {specification && (
        <CheckField
          label={t`In use`}
          hint={t`What is not in use is not offered any more; what was done with it stays.`}
          checked={active}
          onChange={setActive}
        />
      )}
      <ActError beside error={error} />
    </ActDialog>
  );
}
