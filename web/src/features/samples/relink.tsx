import { Trans, useLingui } from "@lingui/react/macro";
import { UsersRound } from "lucide-react";
import { useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct } from "@/api/queries";
import type { Sample } from "@/api/types";
import { OrderPicker } from "@/features/orders/order-picker";
import { ActDialog, ReasonField } from "@/ui/act-dialog";
import { Button } from "@/ui/button";
import type { Choice } from "@/ui/combobox";
import { Dialog } from "@/ui/dialog";
import { Field } from "@/ui/field";
import { Notice } from "@/ui/page";
import { ActError } from "@/ui/states";

/** Moves a sample to the order it really belongs to. Two people do it: the first asks, the second does the same. */
export function RelinkDialog({ sample, onClose }: { sample: Sample; onClose: () => void }) {
  const { t } = useLingui();
  const act = useAct("POST /samples/{id}/relink");
  const [order, setOrder] = useState<Choice | null>(null);
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const server = (path: string) => (isProblem(act.error) ? act.error.field(path) : undefined);
  const submit = () => {
    setTried(true);
    if (!order || !reason.trim()) return;
    act.mutate(
      { path: { id: sample.id }, body: { order_id: order.id, reason: reason.trim() } },
      { onSuccess: (answer) => answer.status === "done" && onClose() },
    );
  };
  if (act.data?.status === "requested")
    return (
      <Dialog
        open
        onClose={onClose}
        title={t`A second person is needed`}
        footer={
          <Button tone="primary" onClick={onClose}>
            <Trans>Understood</Trans>
          </Button>
        }
      >
        <p>
          <Trans>
            Your request is recorded, nothing has moved yet. Somebody else who may move samples opens{" "}
            <span className="mono">{sample.accession_number}</span>, chooses the same order{" "}
            <span className="mono">{order?.label}</span> and gives their reason: that moves it.
          </Trans>
        </p>
      </Dialog>
    );
  return (
    <ActDialog
      title={t`Move ${sample.accession_number} to another order`}
      onClose={onClose}
      onSubmit={submit}
      busy={act.isPending}
      label={t`Ask for it or confirm it`}
    >
      <Notice tone="amber" icon={<UsersRound aria-hidden />}>
        <Trans>
          Two people do this: the first asks, another one sends the same and thereby does it. Released reports on this
          sample are marked as under correction.
        </Trans>
      </Notice>
      {sample.order && (
        <p>
          <span className="text-muted">{t`Now in order`}</span> <span className="mono">{sample.order.number}</span>
        </p>
      )}
      <Field
        label={t`The order it really belongs to`}
        required
        error={(tried && !order ? t`Choose an order.` : undefined) ?? server("order_id")}
      >
        {(control) => <OrderPicker control={control} value={order} onChange={setOrder} without={sample.order?.id} />}
      </Field>
      <ReasonField
        value={reason}
        onChange={setReason}
        presets={[t`Labels were mixed up`, t`Registered for the wrong person`, t`Belongs to an earlier order`]}
        error={
          (tried && !reason.trim() ? t`A reason is needed; it stays in the trail.` : undefined) ?? server("reason")
        }
      />
      <ActError beside error={act.error} />
    </ActDialog>
  );
}
