import { useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct } from "@/api/queries";
import type { SampleType } from "@/api/types";
import type { SampleTypeData } from "@/api/types-orders";
import { ActDialog } from "@/ui/act-dialog";
import { CheckField, TextField } from "@/ui/field";
import { ActError } from "@/ui/states";
import { decimalOrNull, differing, isDecimal, textOrNull } from "./changes";
import { InUseField } from "./in-use";

/** A sample type, new or changed. */
export function SampleTypeDialog({ type, onClose }: { type: SampleType | null; onClose: () => void }) {
  const { t } = useLingui();
  const create = useAct("POST /sample-types");
  const patch = useAct("PATCH /sample-types/{id}");
  const error = create.error ?? patch.error;
  const [form, setForm] = useState({
    name: type?.name ?? "",
    matrix: type?.matrix ?? "",
    containers: type?.containers ?? "",
    requires_temperature: type?.requires_temperature ?? false,
    temperature_min: type?.temperature_min ?? "",
    temperature_max: type?.temperature_max ?? "",
    active: type?.active ?? true,
  });
  const [tried, setTried] = useState(false);
  const set = (part: Partial<typeof form>) => setForm((now) => ({ ...now, ...part }));
  const server = (path: string) => (isProblem(error) ? error.field(path) : undefined);
  const number = (text: string) => (text.trim() === "" || isDecimal(text) ? undefined : t`Write a number such as 4.2.`);
  const errors = {
    name: form.name.trim() ? undefined : t`The name is needed.`,
    temperature_min: number(form.temperature_min),
    temperature_max: number(form.temperature_max),
  };
  const data: SampleTypeData = {
    name: form.name.trim(),
    matrix: textOrNull(form.matrix),
    containers: textOrNull(form.containers),
    requires_temperature: form.requires_temperature,
    temperature_min: decimalOrNull(form.temperature_min),
    temperature_max: decimalOrNull(form.temperature_max),
    active: form.active,
  };
  const before: SampleTypeData | undefined = type
    ? {
        name: type.name,
        matrix: type.matrix,
        containers: type.containers,
        requires_temperature: type.requires_temperature,
        temperature_min: type.temperature_min,
        temperature_max: type.temperature_max,
        active: type.active,
      }
    : undefined;
  const changes = differing(data, before);
  const submit = () => {
    setTried(true);
    if (Object.values(errors).some(Boolean)) return;
    if (type)
      patch.mutate(
        { path: { id: type.id }, body: changes as SampleTypeData, options: { version: type.version } },
        { onSuccess: onClose },
      );
    else create.mutate({ body: data }, { onSuccess: onClose });
  };
  const text = (field: "name" | "matrix" | "containers" | "temperature_min" | "temperature_max") => ({
    value: form[field],
    onChange: (event: { target: { value: string } }) => set({ [field]: event.target.value }),
    error: (tried ? errors[field as keyof typeof errors] : undefined) ?? server(field),
  });
  return (
    <ActDialog
      title={type ? t`Change ${type.name}` : t`New sample type`}
      onClose={onClose}
      onSubmit={submit}
      busy={create.isPending || patch.isPending}
      label={t`Save`}
      disabledReason={type && Object.keys(changes).length === 0 ? t`Nothing is changed.` : undefined}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField label={t`Name`} required {...text("name")} />
        <TextField label={t`Matrix`} {...text("matrix")} />
        <TextField className="sm:col-span-2" label={t`Containers`} {...text("containers")} />
      </div>
      <CheckField
        label={t`Reception records the temperature`}
        checked={form.requires_temperature}
        onChange={(requires_temperature) => set({ requires_temperature })}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField mono inputMode="decimal" label={t`Not colder than (°C)`} {...text("temperature_min")} />
        <TextField mono inputMode="decimal" label={t`Not warmer than (°C)`} {...text("temperature_max")} />
      </div>
      {type && <InUseField checked={form.active} onChange={(active) => set({ active })} />}
      <ActError beside error={error} />
    </ActDialog>
  );
}
