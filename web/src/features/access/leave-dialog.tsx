import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { draftStoreOf } from "@/features/results/drafts";
import { forgetDrafts, openDrafts } from "@/session/draft";
import { useMe } from "@/session/session";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";

/** What becomes of what was typed and not sent, when its person signs out. Asks nothing where there is nothing. */
export function LeaveDialog({ onClose, onSignOut }: { onClose: () => void; onSignOut: () => void }) {
  const { t } = useLingui();
  const me = useMe();
  const navigate = useNavigate();
  const store = draftStoreOf(me.laboratory.id, me.id);
  const [unsent, setUnsent] = useState<{ values: number; forms: number } | null>(null);
  useEffect(() => {
    const look = async () => {
      await store.ready;
      const values = new Set([...Object.keys(store.drafts), ...store.travelling]).size;
      const forms = openDrafts();
      if (values + forms === 0) onSignOut();
      else setUnsent({ values, forms });
    };
    void look();
    // It is asked once.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  if (!unsent) return null;
  const discard = async () => {
    store.discardAll();
    forgetDrafts();
    await store.settled;
    onSignOut();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t`Sign out with unsaved work?`}
      footer={
        <>
          <Button tone="danger" onClick={() => void discard()}>
            <Trans>Discard</Trans>
          </Button>
          <Button onClick={onSignOut} disabledReason={store.durable ? undefined : t`This browser keeps nothing.`}>
            <Trans>Keep on this computer</Trans>
          </Button>
          <Button
            tone="primary"
            onClick={() => {
              onClose();
              if (unsent.values > 0) void navigate({ to: "/results", search: { show: "both" } });
            }}
          >
            {unsent.values > 0 ? <Trans>Go and save</Trans> : <Trans>Stay</Trans>}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-2">
        {unsent.values > 0 && (
          <p>
            <Plural
              value={unsent.values}
              one="# result is typed and not saved."
              other="# results are typed and not saved."
            />
          </p>
        )}
        {unsent.forms > 0 && (
          <p>
            <Plural
              value={unsent.forms}
              one="# form is filled in and not sent."
              other="# forms are filled in and not sent."
            />
          </p>
        )}
        <p className="text-muted">
          <Trans>Kept on this computer, it waits for you encrypted: nobody else can read it.</Trans>
        </p>
      </div>
    </Dialog>
  );
}
