import { useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useAct } from "@/api/queries";
import type { Container } from "@/api/types";
import type { ContainerData } from "@/api/types-catalogue";
import { ActDialog } from "@/ui/act-dialog";
import { TextField } from "@/ui/field";
import { ActError } from "@/ui/states";
import { textOrNull } from "./changes";
import { InUseField } from "./in-use";
import { useSaving } from "./saving";

/** A bottle or a tube, new or changed. */
export function ContainerDialog({ record, onClose }: { record: Container | null; onClose: () => void }) {
  const { t } = useLingui();
  const [name, setName] = useState(record?.name ?? "");
  const [volume, setVolume] = useState(record?.volume ?? "");
  const [additive, setAdditive] = useState(record?.additive ?? "");
  const [active, setActive] = useState(record?.active ?? true);
  const unnamed = name.trim() ? undefined : t`The name is needed.`;
  const data: ContainerData = {
    name: name.trim(),
    volume: textOrNull(volume),
    additive: textOrNull(additive),
    active,
  };
  const before: ContainerData | undefined = record
    ? { name: record.name, volume: record.volume, additive: record.additive, active: record.active }
    : undefined;
  const create = useAct("POST /containers");
  const patch = useAct("PATCH /containers/{id}");
  const { dialog, fault, error } = useSaving({ record, data, before, create, patch, onClose });
  return (
    <ActDialog title={record ? t`Change ${record.name}` : t`New container`} {...dialog([unnamed])}>
      <TextField
        label={t`Name`}
        required
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={fault("name", unnamed)}
      />
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <TextField
          label={t`Volume`}
          hint={t`With its unit, such as 500 mL.`}
          value={volume}
          onChange={(event) => setVolume(event.target.value)}
          error={fault("volume")}
        />
        <TextField
          label={t`Additive`}
          hint={t`Preservative or anticoagulant.`}
          value={additive}
          onChange={(event) => setAdditive(event.target.value)}
          error={fault("additive")}
        />
      </div>
      {record && <InUseField checked={active} onChange={setActive} />}
      <ActError beside error={error} />
    </ActDialog>
  );
}
