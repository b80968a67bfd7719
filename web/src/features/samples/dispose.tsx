import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useAct } from "@/api/queries";
import type { Sample } from "@/api/types";
import { ActDialog, ReasonField } from "@/ui/act-dialog";
import { ActError } from "@/ui/states";

/** What is left of a sample is thrown away; what it was stays. */
export function DisposeDialog({ sample, onClose }: { sample: Sample; onClose: () => void }) {
  const { t } = useLingui();
  const act = useAct("POST /samples/{id}/dispose");
  const [reason, setReason] = useState("");
  return (
    <ActDialog
      title={t`Disposal of ${sample.accession_number}`}
      onClose={onClose}
      onSubmit={() =>
        act.mutate(
          {
            path: { id: sample.id },
            body: reason.trim() ? { reason: reason.trim() } : {},
            options: { version: sample.version },
          },
          { onSuccess: onClose },
        )
      }
      busy={act.isPending}
      label={t`Record the disposal`}
    >
      <p className="text-muted">
        <Trans>
          Record it once the material is gone. Results and reports stay; nothing can be measured again, and this cannot
          be taken back.
        </Trans>
      </p>
      <ReasonField
        required={false}
        value={reason}
        onChange={setReason}
        presets={[t`Retention time is over`, t`Returned to the client`, t`No material left`]}
      />
      <ActError error={act.error} />
    </ActDialog>
  );
}
