import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { LogKeysView, RotateDialog } from "@/features/audit/keys";
import { Allowed } from "@/session/allowed";
import { useMay } from "@/session/session";
import { Loaded } from "@/shell/loaded";
import { Button } from "@/ui/button";
import { Page } from "@/ui/page";
import { UpLink } from "@/ui/up-link";

export const Route = createFileRoute("/_lab/audit/keys")({ component: KeysPage });

function KeysPage() {
  const { t } = useLingui();
  const may = useMay();
  const [rotating, setRotating] = useState(false);
  return (
    <Allowed to="audit:read">
      <Loaded read="GET /audit/keys" input={{}}>
        {(keys) => (
          <Page
            title={t`Signing keys`}
            lead={t`What signs the audit log, and how one key came after another.`}
            above={
              <UpLink to="/audit">
                <Trans>Audit trail</Trans>
              </UpLink>
            }
            actions={
              !keys.waiting && (
                <Button
                  icon={<KeyRound />}
                  onClick={() => setRotating(true)}
                  disabledReason={
                    may("ledger:rotate_key") ? undefined : t`Your roles lack the permission ${"ledger:rotate_key"}.`
                  }
                >
                  <Trans>Replace the key…</Trans>
                </Button>
              )
            }
          >
            <LogKeysView keys={keys} onRotate={() => setRotating(true)} />
            {rotating && <RotateDialog waiting={keys.waiting} onClose={() => setRotating(false)} />}
          </Page>
        )}
      </Loaded>
    </Allowed>
  );
}
