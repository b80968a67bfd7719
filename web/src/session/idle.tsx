import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useState } from "react";
import { call, lastHeardAt } from "@/api/client";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { useMe } from "./session";

/** Seconds before the end at which the person is asked. */
const WARNING = 120;

/** Warns before the server ends an idle session; after it, whoever comes back signs in again. */
export function IdleWarning({ onExpired }: { onExpired: () => void }) {
  const { t } = useLingui();
  const timeout = useMe().session.idle_timeout_seconds;
  const [left, setLeft] = useState<number | null>(null);

  useEffect(() => {
    if (timeout <= 0) return;
    const tick = () => {
      const remaining = Math.ceil(timeout - (Date.now() - lastHeardAt()) / 1000);
      if (remaining <= 0) onExpired();
      setLeft(remaining <= Math.min(WARNING, timeout / 2) ? Math.max(remaining, 0) : null);
    };
    const timer = window.setInterval(tick, 1000);
    return () => window.clearInterval(timer);
  }, [timeout, onExpired]);

  const stay = () =>
    void call("GET /me", {}).then(
      () => setLeft(null),
      () => undefined,
    );
  return (
    <Dialog
      open={left !== null}
      onClose={stay}
      title={t`Are you still there?`}
      footer={
        <Button tone="primary" onClick={stay}>
          <Trans>Stay signed in</Trans>
        </Button>
      }
    >
      <p>
        <Plural
          value={left ?? 0}
          one="You will be signed out in # second."
          other="You will be signed out in # seconds."
        />
      </p>
    </Dialog>
  );
}
