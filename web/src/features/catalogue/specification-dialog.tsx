import { useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct, useApi } from "@/api/queries";
import type { Specification } from "@/api/types";
import type { SpecificationData } from "@/api/types-orders";
import { ClientPicker, SampleTypePicker } from "@/features/pickers/pickers";
import { useMe } from "@/session/session";
import { ActDialog } from "@/ui/act-dialog";
import type { Choice } from "@/ui/combobox";
import { ChoiceField, Field, SelectField, TextField } from "@/ui/field";
import { ActError } from "@/ui/states";
import { InUseField } from "./in-use";
import { byPerson, faultsOf, isBlank, limitOf, type LimitRow, rowOf } from "./limits";
import { LimitsEditor } from "./limits-editor";
import { useSaving } from "./saving";
import { useCatalogueWords } from "./words";

const chosen = (id: string | null | undefined, label: string | undefined): Choice | null =>
  id ? { id, label: label ?? "…" } : null;
/** As the form would send it: so that what was written elsewhere in another manner is no change. */
const dataOf = (of: Specification): SpecificationData => ({
  name: of.name,
  kind: of.kind,
  decision_rule: of.decision_rule,
  judge: of.judge,
  sample_type_id: of.sample_type_id,
  client_id: of.client_id,
  active: of.active,
  limits: of.limits.map((limit, key) => limitOf(rowOf(limit, key))),
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
  const tests = useApi("GET /tests", { query: { limit: 200 } });
  const [name, setName] = useState(specification?.name ?? "");
  const [kind, setKind] = useState(specification?.kind ?? (medical ? "reference_range" : "specification"));
  const [rule, setRule] = useState(specification?.decision_rule ?? "simple");
  const [judge, setJudge] = useState(specification?.judge ?? "rounded");
  const [type, setType] = useState(chosen(specification?.sample_type_id, names.type));
  const [client, setClient] = useState(chosen(specification?.client_id, names.client));
  const [active, setActive] = useState(specification?.active ?? true);
  const [rows, setRows] = useState<LimitRow[]>(specification ? specification.limits.map(rowOf) : [rowOf(null, 0)]);
  const filled = rows.filter((row) => !isBlank(row));
  const faults = faultsOf(filled);
  const unnamed = name.trim() ? undefined : t`The name is needed.`;
  const limits = filled.map(limitOf);
  const data: SpecificationData = {
    name: name.trim(),
    kind,
    decision_rule: rule,
    judge,
    sample_type_id: type?.id ?? null,
    client_id: client?.id ?? null,
    active,
    limits,
  };
  const create = useAct("POST /specifications");
  const patch = useAct("PATCH /specifications/{id}");
  const { dialog, fault, tried, error } = useSaving({
    record: specification,
    data,
    before: specification ? dataOf(specification) : undefined,
    create,
    patch,
    onClose,
  });
  return (
    <ActDialog
      wide
      title={specification ? t`Change ${specification.name}` : medical ? t`New reference ranges` : t`New specification`}
      {...dialog([unnamed, faults.size > 0 ? "limits" : undefined])}
    >
      <TextField
        label={t`Name`}
        required
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={fault("name", unnamed)}
      />
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Field
          label={medical ? t`Specimen type` : t`Sample type`}
          hint={t`With a type or a client it holds by itself; with neither it is there to be chosen.`}
          error={fault("sample_type_id")}
        >
          {(control) => <SampleTypePicker control={control} value={type} onChange={setType} />}
        </Field>
        <Field label={t`Client`} error={fault("client_id")}>
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
          error={fault("decision_rule")}
        />
      </div>
      <fieldset className="min-w-0">
        <legend className="mb-2 text-xs font-medium">{t`Limits`}</legend>
        <LimitsEditor
          rows={rows}
          onChange={setRows}
          tests={tests.data?.items ?? []}
          busy={tests.isPending}
          personal={kind === "reference_range" || byPerson(limits)}
          guarded={rule === "guard_band"}
          faults={tried ? faults : new Map()}
          server={(row, field) => {
            const path = `limits.${filled.indexOf(row)}.`;
            if (field) return fault(path + field);
            return isProblem(error) ? error.fields.find((each) => each.path.startsWith(path))?.message : undefined;
          }}
        />
      </fieldset>
      {specification && <InUseField checked={active} onChange={setActive} />}
      <ActError beside error={error} />
    </ActDialog>
  );
}
