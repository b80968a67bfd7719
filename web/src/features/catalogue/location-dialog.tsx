import { useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useAct } from "@/api/queries";
import type { Location } from "@/api/types";
import type { LocationData } from "@/api/types-catalogue";
import { ActDialog } from "@/ui/act-dialog";
import { TextField } from "@/ui/field";
import { ActError } from "@/ui/states";
import { textOrNull } from "./changes";
import { InUseField } from "./in-use";
import { useSaving } from "./saving";

/** A place where samples are kept, new or changed. */
export function LocationDialog({ record, onClose }: { record: Location | null; onClose: () => void }) {
  const { t } = useLingui();
  const [name, setName] = useState(record?.name ?? "");
  const [description, setDescription] = useState(record?.description ?? "");
  const [active, setActive] = useState(record?.active ?? true);
  const unnamed = name.trim() ? undefined : t`The name is needed.`;
  const data: LocationData = { name: name.trim(), description: textOrNull(description), active };
  const before: LocationData | undefined = record
    ? { name: record.name, description: record.description, active: record.active }
    : undefined;
  const create = useAct("POST /locations");
  const patch = useAct("PATCH /locations/{id}");
  const { dialog, fault, error } = useSaving({ record, data, before, create, patch, onClose });
  return (
    <ActDialog title={record ? t`Change ${record.name}` : t`New storage location`} {...dialog([unnamed])}>
      <TextField
        label={t`Name`}
        required
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={fault("name", unnamed)}
      />
      <TextField
        label={t`Description`}
        hint={t`Where it is, what it is for: room 12, 4 °C.`}
        value={description}
        onChange={(event) => setDescription(event.target.value)}
        error={fault("description")}
      />
      {record && <InUseField checked={active} onChange={setActive} />}
      <ActError beside error={error} />
    </ActDialog>
  );
}
