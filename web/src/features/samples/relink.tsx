import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct } from "@/api/queries";
import type { Sample } from "@/api/types";
import { OrderPicker } from "@/features/orders/order-picker";
import { TwoPeopleDialog } from "@/features/two-people/dialog";
import { useWaiting } from "@/features/two-people/waiting";
import type { Choice } from "@/ui/combobox";
import { Field } from "@/ui/field";

/** Moves a sample to the order it really belongs to. */
export function RelinkDialog({ sample, onClose }: { sample: Sample; onClose: () => void }) {
  const { t } = useLingui();
  const act = useAct("POST /samples/{id}/relink");
  // What somebody asked for stands there, until another order is chosen.
  const waiting = useWaiting("relink", (each) => each.from === sample.id);
  const asked: Choice | null = waiting?.into ? { id: waiting.into, label: waiting.into_label ?? "" } : null;
  const [chosen, setOrder] = useState<Choice | null>();
  const order = chosen === undefined ? asked : chosen;
  return (
    <TwoPeopleDialog
      title={t`Move ${sample.accession_number} to another order`}
      onClose={onClose}
      act={act}
      waiting={waiting}
      notice={
        <Trans>
          Two people do this: the first asks, another one sends the same and thereby does it. Released reports on this
          sample are marked as under correction.
        </Trans>
      }
      requested={
        <Trans>
          Your request is recorded, nothing has moved yet. Somebody else who may move samples opens{" "}
          <span className="mono">{sample.accession_number}</span>, chooses the same order{" "}
          <span className="mono">{order?.label}</span> and gives their reason: that moves it.
        </Trans>
      }
      presets={[t`Labels were mixed up`, t`Registered for the wrong person`, t`Belongs to an earlier order`]}
      onSubmit={(reason) =>
        order &&
        act.mutate(
          { path: { id: sample.id }, body: { order_id: order.id, reason } },
          { onSuccess: (answer) => answer.status === "done" && onClose() },
        )
      }
    >
      {(tried) => (
        <>
          {sample.order && (
            <p>
              <span className="text-muted">{t`Now in order`}</span> <span className="mono">{sample.order.number}</span>
            </p>
          )}
          <Field
            label={t`The order it really belongs to`}
            required
            error={
              (tried && !order ? t`Choose an order.` : undefined) ??
              (isProblem(act.error) ? act.error.field("order_id") : undefined)
            }
          >
            {(control) => (
              <OrderPicker control={control} value={order} onChange={setOrder} without={sample.order?.id} />
            )}
          </Field>
        </>
      )}
    </TwoPeopleDialog>
  );
}
