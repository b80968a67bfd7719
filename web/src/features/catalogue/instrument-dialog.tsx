import { useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useAct } from "@/api/queries";
import type { Instrument, InstrumentData } from "@/api/types-catalogue";
import { parseWhen } from "@/features/register/paste";
import { ActDialog } from "@/ui/act-dialog";
import { TextField } from "@/ui/field";
import { ActError } from "@/ui/states";
import { WhenField } from "@/ui/when-field";
import { textOrNull } from "./changes";
import { InUseField } from "./in-use";
import { useSaving } from "./saving";

/** A measuring instrument, new or changed. */
export function InstrumentDialog({ record, onClose }: { record: Instrument | null; onClose: () => void }) {
  const { t } = useLingui();
  const [name, setName] = useState(record?.name ?? "");
  const [serial, setSerial] = useState(record?.serial_number ?? "");
  const [until, setUntil] = useState(record?.calibrated_until ?? "");
  const [active, setActive] = useState(record?.active ?? true);
  const day = parseWhen(until)?.slice(0, 10);
  const errors = {
    name: name.trim() ? undefined : t`The name is needed.`,
    until: until.trim() && !day ? t`There is no such day.` : undefined,
  };
  const data: InstrumentData = {
    name: name.trim(),
    serial_number: textOrNull(serial),
    calibrated_until: day ?? textOrNull(until),
    active,
  };
  const before: InstrumentData | undefined = record
    ? {
        name: record.name,
        serial_number: record.serial_number,
        calibrated_until: record.calibrated_until,
        active: record.active,
      }
    : undefined;
  const create = useAct("POST /instruments");
  const patch = useAct("PATCH /instruments/{id}");
  const { dialog, fault, error } = useSaving({ record, data, before, create, patch, onClose });
  return (
    <ActDialog title={record ? t`Change ${record.name}` : t`New instrument`} {...dialog(Object.values(errors))}>
      <TextField
        label={t`Name`}
        required
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={fault("name", errors.name)}
      />
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <TextField
          label={t`Serial number`}
          mono
          value={serial}
          onChange={(event) => setSerial(event.target.value)}
          error={fault("serial_number")}
        />
        <WhenField
          dateOnly
          noNow
          label={t`Calibrated until`}
          hint={t`Its last day; afterwards no result of it is taken. Empty: it needs no calibration.`}
          value={until}
          onChange={setUntil}
          error={fault("calibrated_until", errors.until)}
        />
      </div>
      {record && <InUseField checked={active} onChange={setActive} />}
      <ActError beside error={error} />
    </ActDialog>
  );
}
