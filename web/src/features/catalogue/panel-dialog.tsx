import { useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct } from "@/api/queries";
import type { Panel } from "@/api/types";
import type { PanelData } from "@/api/types-orders";
import { TestsPicker, wantedOf } from "@/features/pickers/pickers";
import { ActDialog } from "@/ui/act-dialog";
import type { Choice } from "@/ui/combobox";
import { Field, TextField } from "@/ui/field";
import { ActError } from "@/ui/states";
import { differing, textOrNull } from "./changes";
import { InUseField } from "./in-use";

const choicesOf = (panel: Panel | null): Choice[] =>
  (panel?.tests ?? []).map((each) => ({ id: `test:${each.id}`, label: each.name }));

/** A named set of tests that are usually ordered together, new or changed. */
export function PanelDialog({ panel, onClose }: { panel: Panel | null; onClose: () => void }) {
  const { t } = useLingui();
  const create = useAct("POST /panels");
  const patch = useAct("PATCH /panels/{id}");
  const error = create.error ?? patch.error;
  const [name, setName] = useState(panel?.name ?? "");
  const [code, setCode] = useState(panel?.code ?? "");
  const [tests, setTests] = useState(() => choicesOf(panel));
  const [active, setActive] = useState(panel?.active ?? true);
  const [tried, setTried] = useState(false);
  const server = (path: string) => (isProblem(error) ? error.field(path) : undefined);
  const data: PanelData = { name: name.trim(), code: textOrNull(code), test_ids: wantedOf(tests).test_ids, active };
  const before = panel
    ? { name: panel.name, code: panel.code, test_ids: panel.tests.map((each) => each.id), active: panel.active }
    : undefined;
  const changes = differing(data, before);
  const submit = () => {
    setTried(true);
    if (!data.name || data.test_ids.length === 0) return;
    if (panel)
      patch.mutate(
        { path: { id: panel.id }, body: changes, options: { version: panel.version } },
        { onSuccess: onClose },
      );
    else create.mutate({ body: data }, { onSuccess: onClose });
  };
  return (
    <ActDialog
      title={panel ? t`Change ${panel.name}` : t`New panel`}
      onClose={onClose}
      onSubmit={submit}
      busy={create.isPending || patch.isPending}
      label={t`Save`}
      disabledReason={panel && Object.keys(changes).length === 0 ? t`Nothing is changed.` : undefined}
    >
      <div className="grid gap-4 sm:grid-cols-[2fr_1fr]">
        <TextField
          label={t`Name`}
          required
          value={name}
          onChange={(event) => setName(event.target.value)}
          error={(tried && !name.trim() ? t`The name is needed.` : undefined) ?? server("name")}
        />
        <TextField
          label={t`Code`}
          mono
          value={code}
          onChange={(event) => setCode(event.target.value)}
          error={server("code")}
        />
      </div>
      <Field
        label={t`Tests`}
        required
        error={(tried && tests.length === 0 ? t`Choose at least one test.` : undefined) ?? server("test_ids")}
      >
        {(control) => <TestsPicker testsOnly control={control} value={tests} onChange={setTests} />}
      </Field>
      {panel && <InUseField checked={active} onChange={setActive} />}
      <ActError beside error={error} />
    </ActDialog>
  );
}
