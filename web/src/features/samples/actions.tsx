import { Trans, useLingui } from "@lingui/react/macro";
import {
  Archive,
  ArrowRightLeft,
  Ban,
  CircleX,
  FlaskConical,
  MoreHorizontal,
  PackageCheck,
  SquarePen,
} from "lucide-react";
import { useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct, useApi } from "@/api/queries";
import type { Sample } from "@/api/types";
import { TestsPicker, wantedOf } from "@/features/pickers/pickers";
import { emptyReceipt, ReceiptFields, receiptBody, receiptErrors } from "@/features/receive/receipt-fields";
import { useMay } from "@/session/session";
import { useKeys } from "@/shell/shortcuts";
import { ActDialog } from "@/ui/act-dialog";
import { Button, IconButton } from "@/ui/button";
import type { Choice } from "@/ui/combobox";
import { Field } from "@/ui/field";
import { useNarrow } from "@/ui/media";
import { Menu, MenuItem, MenuRule } from "@/ui/menu";
import { Notice } from "@/ui/page";
import { ReasonDialog } from "@/ui/reason-dialog";
import { ActError } from "@/ui/states";
import { DisposeDialog } from "./dispose";
import { EditDialog } from "./edit";
import { useSampleReasons } from "./reasons";
import { RelinkDialog } from "./relink";

type Open = "receive" | "reject" | "cancel" | "tests" | "edit" | "relink" | "dispose" | null;

/** Whoever only follows samples, as clients and referring doctors do, is not shown what the laboratory does with them. */
export function SampleActions({ sample }: { sample: Sample }) {
  const may = useMay();
  return workOnSamples.some(may) ? <Acts sample={sample} /> : null;
}
const acts = ["register", "receive", "reject", "cancel", "edit", "relink", "dispose"];
const workOnSamples = ["result:read", ...acts.map((act) => `sample:${act}`)];

/** What can be done with a sample now; what cannot says why. */
function Acts({ sample }: { sample: Sample }) {
  const { t } = useLingui();
  const may = useMay();
  const why = useSampleReasons(sample, may);
  const narrow = useNarrow();
  const [open, setOpen] = useState<Open>(null);
  useKeys({
    r: () => !why.receive && setOpen("receive"),
    a: () => !why.addTests && setOpen("tests"),
  });
  const close = () => setOpen(null);
  return (
    <>
      <Button icon={<FlaskConical />} onClick={() => setOpen("tests")} disabledReason={why.addTests} shortcut="A">
        <Trans>Add tests</Trans>
      </Button>
      <Button
        tone="primary"
        icon={<PackageCheck />}
        onClick={() => setOpen("receive")}
        disabledReason={why.receive}
        shortcut="R"
      >
        <Trans>Receive</Trans>
      </Button>
      {!narrow && (
        <Button tone="danger" onClick={() => setOpen("reject")} disabledReason={why.reject}>
          <Trans>Reject…</Trans>
        </Button>
      )}
      <Menu align="end" trigger={<IconButton tone="secondary" label={t`More`} icon={<MoreHorizontal />} />}>
        <MenuItem icon={<SquarePen />} disabledReason={why.edit} onClick={() => setOpen("edit")}>
          <Trans>Correct what is recorded…</Trans>
        </MenuItem>
        <MenuItem icon={<ArrowRightLeft />} disabledReason={why.relink} onClick={() => setOpen("relink")}>
          <Trans>Move to another order…</Trans>
        </MenuItem>
        <MenuItem icon={<Archive />} disabledReason={why.dispose} onClick={() => setOpen("dispose")}>
          <Trans>Record the disposal…</Trans>
        </MenuItem>
        <MenuRule />
        {narrow && (
          <MenuItem icon={<CircleX />} disabledReason={why.reject} onClick={() => setOpen("reject")}>
            <Trans>Reject…</Trans>
          </MenuItem>
        )}
        <MenuItem icon={<Ban />} disabledReason={why.cancel} onClick={() => setOpen("cancel")}>
          <Trans>Cancel the sample…</Trans>
        </MenuItem>
      </Menu>
      {open === "edit" && <EditDialog sample={sample} onClose={close} />}
      {open === "relink" && <RelinkDialog sample={sample} onClose={close} />}
      {open === "dispose" && <DisposeDialog sample={sample} onClose={close} />}
      {open === "receive" && <ReceiveDialog sample={sample} onClose={close} />}
      {open === "tests" && <AddTestsDialog sample={sample} onClose={close} />}
      {open === "reject" && <CloseDialog act="reject" sample={sample} onClose={close} />}
      {open === "cancel" && <CloseDialog act="cancel" sample={sample} onClose={close} />}
    </>
  );
}

export interface ActDialogProps {
  sample: Sample;
  onClose: () => void;
}

function ReceiveDialog({ sample, onClose }: ActDialogProps) {
  const { t } = useLingui();
  const act = useAct("POST /samples/{id}/receive");
  const types = useApi("GET /sample-types", { query: { limit: 200 } });
  const type = types.data?.items.find((each) => each.id === sample.sample_type.id);
  const [receipt, setReceipt] = useState(emptyReceipt);
  const [tried, setTried] = useState(false);
  const errors = receiptErrors(receipt, type, {
    temperature: t`This sample type needs a temperature.`,
    number: t`Write a number such as 4.2.`,
    note: t`Say what is wrong, here or as a deviation.`,
  });
  const field = (name: string) => (isProblem(act.error) ? act.error.field(name) : undefined);
  const submit = () => {
    setTried(true);
    if (Object.keys(errors).length > 0) return;
    act.mutate(
      { path: { id: sample.id }, body: receiptBody(receipt), options: { version: sample.version } },
      { onSuccess: onClose },
    );
  };
  return (
    <ActDialog
      wide
      title={t`Receive ${sample.accession_number}`}
      description={sample.sample_type.name}
      onClose={onClose}
      onSubmit={submit}
      busy={act.isPending}
      label={t`Receive`}
    >
      <ReceiptFields
        receipt={receipt}
        onChange={(change) => setReceipt((now) => ({ ...now, ...change }))}
        type={type}
        errors={{
          temperature: (tried ? errors.temperature : undefined) ?? field("temperature_c"),
          note: (tried ? errors.note : undefined) ?? field("condition_note"),
        }}
      />
      <ActError error={act.error} />
    </ActDialog>
  );
}

function CloseDialog({ act: kind, sample, onClose }: ActDialogProps & { act: "reject" | "cancel" }) {
  const { t } = useLingui();
  const reject = useAct("POST /samples/{id}/reject");
  const cancel = useAct("POST /samples/{id}/cancel");
  const act = kind === "reject" ? reject : cancel;
  const presets =
    kind === "reject"
      ? [
          t`Container broken or leaking`,
          t`Not enough material`,
          t`Wrong container or preservative`,
          t`Unlabelled or identity unclear`,
          t`Holding time exceeded`,
        ]
      : [t`Registered twice`, t`Withdrawn by the client`, t`Registered by mistake`];
  const open = sample.counts.pending + sample.counts.entered;
  return (
    <ReasonDialog
      danger
      title={kind === "reject" ? t`Reject ${sample.accession_number}` : t`Cancel ${sample.accession_number}`}
      presets={presets}
      label={kind === "reject" ? t`Reject the sample` : t`Cancel the sample`}
      busy={act.isPending}
      error={act.error}
      onClose={onClose}
      onSubmit={(reason) =>
        act.mutate(
          { path: { id: sample.id }, body: { reason }, options: { version: sample.version } },
          { onSuccess: onClose },
        )
      }
    >
      {open > 0 && (
        <Notice tone="amber">
          <Trans>Its open results ({open}) will be cancelled with the same reason.</Trans>
        </Notice>
      )}
    </ReasonDialog>
  );
}

function AddTestsDialog({ sample, onClose }: ActDialogProps) {
  const { t } = useLingui();
  const act = useAct("POST /samples/{id}/results");
  const [tests, setTests] = useState<Choice[]>([]);
  const [tried, setTried] = useState(false);
  const there = new Set(
    sample.results
      .filter((each) => each.status !== "cancelled" && each.status !== "retracted")
      .map((each) => `test:${each.test.id}`),
  );
  const submit = () => {
    setTried(true);
    if (tests.length === 0) return;
    const { test_ids, panel_ids } = wantedOf(tests);
    act.mutate(
      {
        path: { id: sample.id },
        body: {
          test_ids: test_ids.length > 0 ? test_ids : undefined,
          panel_ids: panel_ids.length > 0 ? panel_ids : undefined,
        },
        options: { version: sample.version },
      },
      { onSuccess: onClose },
    );
  };
  return (
    <ActDialog
      title={t`Add tests to ${sample.accession_number}`}
      onClose={onClose}
      onSubmit={submit}
      busy={act.isPending}
      label={t`Add tests`}
    >
      <Field
        label={t`Tests and panels`}
        required
        error={tried && tests.length === 0 ? t`Choose at least one.` : undefined}
        hint={t`Tests already on the sample are not offered again.`}
      >
        {(control) => <TestsPicker control={control} value={tests} onChange={setTests} without={there} />}
      </Field>
      <ActError error={act.error} />
    </ActDialog>
  );
}
