import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";

/** Asks before what was typed and never saved is thrown away. */
export function DiscardDialog({
  open,
  count,
  onDiscard,
  onClose,
}: {
  open: boolean;
  count: number;
  onDiscard: () => void;
  onClose: () => void;
}) {
  const { t } = useLingui();
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t`Discard what is typed?`}
      footer={
        <>
          <Button onClick={onClose}>
            <Trans>Keep it</Trans>
          </Button>
          <Button tone="danger" onClick={onDiscard}>
            <Trans>Discard</Trans>
          </Button>
        </>
      }
    >
      <p>
        <Plural
          value={count}
          one="# typed result was never saved and will be gone."
          other="# typed results were never saved and will be gone."
        />
      </p>
    </Dialog>
  );
}
