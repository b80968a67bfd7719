import { Trans, useLingui } from "@lingui/react/macro";
import { useAct } from "@/api/queries";
import type { Sample } from "@/api/types";
import { ReasonDialog } from "@/ui/reason-dialog";

/** What is left of a sample is thrown away; what it was stays. */
export function DisposeDialog({ sample, onClose }: { sample: Sample; onClose: () => void }) {
  const { t } = useLingui();
  const act = useAct("POST /samples/{id}/dispose");
  return (
    <ReasonDialog
      title={t`Disposal of ${sample.accession_number}`}
      presets={[t`Retention time is over`, t`Returned to the client`, t`No material left`]}
      required={false}
      label={t`Record the disposal`}
      busy={act.isPending}
      error={act.error}
      onClose={onClose}
      onSubmit={(reason) =>
        act.mutate(
          { path: { id: sample.id }, body: reason ? { reason } : {}, options: { version: sample.version } },
          { onSuccess: onClose },
        )
      }
    >
      <p className="text-muted">
        <Trans>
          Record it once the material is gone. Results and reports stay; nothing can be measured again, and this cannot
          be taken back.
        </Trans>
      </p>
    </ReasonDialog>
  );
}
