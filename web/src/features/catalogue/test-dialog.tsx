import { useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct } from "@/api/queries";
import type { ResultType, Test } from "@/api/types";
import type { TestData } from "@/api/types-orders";
import { ActDialog } from "@/ui/act-dialog";
import { CheckField, ChoiceField, SelectField, TextField } from "@/ui/field";
import { Notice } from "@/ui/page";
import { ActError } from "@/ui/states";
import { decimalOrNull, differing, isDecimal, textOrNull, wholeOrNull } from "./changes";
import { InUseField } from "./in-use";
import { useCatalogueWords } from "./words";

const texts = [
  "code",
  "name",
  "analyte",
  "fraction",
  "basis",
  "method",
  "unit",
  "specimen",
  "decimals",
  "significant_figures",
  "codes",
  "lod",
  "loq",
  "hold_time_hours",
  "turnaround_hours",
  "loinc",
  "ucum",
] as const;
type Texts = Record<(typeof texts)[number], string>;
type Form = Texts & {
  result_type: ResultType;
  accredited: boolean;
  self_verification_allowed: boolean;
  active: boolean;
  uncertainty: string;
  uncertaintyKind: "absolute" | "percent";
  k: string;
};

function formOf(test: Test | null): Form {
  const text = (value: string | number | readonly string[] | null | undefined) =>
    value === null || value === undefined ? "" : typeof value === "object" ? value.join(", ") : String(value);
  return {
    ...(Object.fromEntries(texts.map((field) => [field, text(test?.[field])])) as Texts),
    result_type: test?.result_type ?? "numeric",
    accredited: test?.accredited ?? false,
    self_verification_allowed: test?.self_verification_allowed ?? false,
    active: test?.active ?? true,
    uncertainty: test?.uncertainty?.value ?? "",
    uncertaintyKind: test?.uncertainty?.kind ?? "percent",
    k: test?.uncertainty?.k ?? "2",
  };
}

function dataOf(form: Form): TestData {
  const coded = form.result_type === "coded";
  const numeric = form.result_type === "numeric";
  const codes = form.codes
    .split(",")
    .map((each) => each.trim())
    .filter(Boolean);
  return {
    code: form.code.trim(),
    name: form.name.trim(),
    analyte: form.analyte.trim() || form.name.trim(),
    fraction: textOrNull(form.fraction),
    basis: textOrNull(form.basis),
    method: form.method.trim(),
    unit: form.unit.trim(),
    specimen: textOrNull(form.specimen),
    result_type: form.result_type,
    decimals: numeric ? wholeOrNull(form.decimals) : null,
    significant_figures: numeric ? wholeOrNull(form.significant_figures) : null,
    codes: coded && codes.length > 0 ? codes : null,
    lod: numeric ? decimalOrNull(form.lod) : null,
    loq: numeric ? decimalOrNull(form.loq) : null,
    uncertainty:
      numeric && form.uncertainty.trim()
        ? {
            value: decimalOrNull(form.uncertainty) ?? "",
            kind: form.uncertaintyKind,
            k: decimalOrNull(form.k) ?? "2",
          }
        : null,
    hold_time_hours: wholeOrNull(form.hold_time_hours),
    turnaround_hours: wholeOrNull(form.turnaround_hours),
    accredited: form.accredited,
    loinc: textOrNull(form.loinc),
    ucum: textOrNull(form.ucum),
    self_verification_allowed: form.self_verification_allowed,
    active: form.active,
  };
}

/** A test of the catalogue, new or changed. Results keep the version of it that they were measured by. */
export function TestEditor({ test, onClose }: { test: Test | null; onClose: () => void }) {
  const { t } = useLingui();
  const words = useCatalogueWords();
  const create = useAct("POST /tests");
  const patch = useAct("PATCH /tests/{id}");
  const error = create.error ?? patch.error;
  const [form, setForm] = useState(() => formOf(test));
  const [tried, setTried] = useState(false);
  const set = (part: Partial<Form>) => setForm((now) => ({ ...now, ...part }));
  const server = (path: string) => (isProblem(error) ? error.field(path) : undefined);
  const needed = (text: string) => (text.trim() ? undefined : t`Needed.`);
  const number = (text: string) => (text.trim() === "" || isDecimal(text) ? undefined : t`Write a number such as 4.2.`);
  const whole = (text: string) =>
    text.trim() === "" || wholeOrNull(text) !== null ? undefined : t`Write a whole number.`;
  const errors: Partial<Record<keyof Form, string>> = {
    code: needed(form.code),
    name: needed(form.name),
    method: needed(form.method),
    lod: number(form.lod),
    loq: number(form.loq),
    uncertainty: number(form.uncertainty),
    k: number(form.k),
    decimals: whole(form.decimals),
    significant_figures: whole(form.significant_figures),
    hold_time_hours: whole(form.hold_time_hours),
    turnaround_hours: whole(form.turnaround_hours),
    codes: form.result_type === "coded" && !form.codes.trim() ? t`Name the choices.` : undefined,
  };
  const data = dataOf(form);
  const changes = differing(data, test ? dataOf(formOf(test)) : undefined);
  const submit = () => {
    setTried(true);
    if (Object.values(errors).some(Boolean)) return;
    if (test)
      patch.mutate(
        { path: { id: test.id }, body: changes, options: { version: test.version } },
        { onSuccess: onClose },
      );
    else create.mutate({ body: data }, { onSuccess: onClose });
  };
  const text = (field: keyof Texts | "uncertainty" | "k") => ({
    value: form[field],
    onChange: (event: { target: { value: string } }) => set({ [field]: event.target.value }),
    error: (tried ? errors[field] : undefined) ?? server(field),
  });
  const numeric = form.result_type === "numeric";
  return (
    <ActDialog
      wide
      title={test ? t`Change ${test.name}` : t`New test`}
      onClose={onClose}
      onSubmit={submit}
      busy={create.isPending || patch.isPending}
      label={t`Save`}
      disabledReason={test && Object.keys(changes).length === 0 ? t`Nothing is changed.` : undefined}
    >
      {test && (
        <Notice>{t`Results that are there already keep what held when they were measured; reports do so too.`}</Notice>
      )}
      <div className="grid gap-4 sm:grid-cols-6">
        <TextField className="sm:col-span-4" label={t`Name`} required {...text("name")} />
        <TextField className="sm:col-span-2" label={t`Code`} required mono {...text("code")} />
        <TextField className="sm:col-span-2" label={t`Analyte`} {...text("analyte")} hint={t`Empty: as the name.`} />
        <TextField className="sm:col-span-2" label={t`Fraction`} {...text("fraction")} />
        <TextField className="sm:col-span-2" label={t`Basis`} {...text("basis")} />
        <TextField className="sm:col-span-4" label={t`Method`} required {...text("method")} />
        <TextField className="sm:col-span-2" label={t`Specimen`} {...text("specimen")} />
        <SelectField
          className="sm:col-span-2"
          label={t`Result`}
          value={form.result_type}
          onChange={(result_type) => result_type !== "" && set({ result_type })}
          options={(["numeric", "coded", "text", "range", "titre"] as const).map((value) => ({
            value,
            label: words.resultType(value),
          }))}
          error={server("result_type")}
        />
        <TextField className="sm:col-span-2" label={t`Unit`} {...text("unit")} />
        {form.result_type === "coded" && (
          <TextField
            className="sm:col-span-6"
            label={t`Choices`}
            required
            hint={t`Separated by commas.`}
            {...text("codes")}
          />
        )}
        {numeric && (
          <>
            <TextField className="sm:col-span-1" inputMode="numeric" mono label={t`Decimals`} {...text("decimals")} />
            <TextField
              className="sm:col-span-1"
              inputMode="numeric"
              mono
              label={t`Sign. figures`}
              {...text("significant_figures")}
            />
            <TextField className="sm:col-span-1" inputMode="decimal" mono label="LOD" {...text("lod")} />
            <TextField className="sm:col-span-1" inputMode="decimal" mono label="LOQ" {...text("loq")} />
            <TextField
              className="sm:col-span-1"
              inputMode="decimal"
              mono
              label={t`Uncertainty U`}
              {...text("uncertainty")}
            />
            <ChoiceField
              className="sm:col-span-2"
              label={t`U is in`}
              value={form.uncertaintyKind}
              onChange={(uncertaintyKind) => set({ uncertaintyKind })}
              options={[
                { value: "percent", label: "%" },
                { value: "absolute", label: form.unit.trim() || t`the unit` },
              ]}
            />
            <TextField className="sm:col-span-1" inputMode="decimal" mono label="k" {...text("k")} />
          </>
        )}
        <TextField
          className="sm:col-span-2"
          inputMode="numeric"
          mono
          label={t`Holding time (h)`}
          {...text("hold_time_hours")}
        />
        <TextField
          className="sm:col-span-2"
          inputMode="numeric"
          mono
          label={t`Turnaround (h)`}
          {...text("turnaround_hours")}
        />
        <TextField className="sm:col-span-1" mono label="LOINC" {...text("loinc")} />
        <TextField className="sm:col-span-1" mono label="UCUM" {...text("ucum")} />
      </div>
      <div className="flex flex-col gap-2">
        <CheckField
          label={t`Accredited`}
          hint={t`In the scope of accreditation with this method; marked on reports.`}
          checked={form.accredited}
          onChange={(accredited) => set({ accredited })}
        />
        <CheckField
          label={t`At night, alone on duty, whoever entered it may verify it`}
          hint={t`It is marked, needs a reason and is shown on the report.`}
          checked={form.self_verification_allowed}
          onChange={(self_verification_allowed) => set({ self_verification_allowed })}
        />
        {test && <InUseField checked={form.active} onChange={(active) => set({ active })} />}
      </div>
      <ActError beside error={error} />
    </ActDialog>
  );
}
