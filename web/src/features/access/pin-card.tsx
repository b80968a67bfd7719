import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct } from "@/api/queries";
import { readMe } from "@/session/who";
import { setMe, useMe } from "@/session/session";
import { ActDialog } from "@/ui/act-dialog";
import { Button } from "@/ui/button";
import { Card } from "@/ui/page";
import { Pill } from "@/ui/pill";
import { SecretField } from "@/ui/secret-field";
import { ActError } from "@/ui/states";

/** A PIN opens this person's own locked screen, and nothing else. */
export function PinCard() {
  const { t } = useLingui();
  const { has_pin: has } = useMe();
  const [open, setOpen] = useState<"set" | "remove" | null>(null);
  const close = () => setOpen(null);
  return (
    <Card
      id="pin"
      title={t`PIN for the locked screen`}
      actions={
        <Pill tone={has ? "green" : "grey"}>
          {has ? <Trans context="a PIN">Set</Trans> : <Trans context="a PIN">Not set</Trans>}
        </Pill>
      }
    >
      <p className="mb-3 text-muted">
        <Trans>
          Lock the screen with Ctrl+L when you step away from a shared computer; the PIN brings you back to where you
          were. It signs nobody in, and five wrong ones end the session.
        </Trans>
      </p>
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => setOpen("set")}>
          {has ? <Trans>Change the PIN…</Trans> : <Trans>Set a PIN…</Trans>}
        </Button>
        {has && (
          <Button tone="danger" onClick={() => setOpen("remove")}>
            <Trans>Remove…</Trans>
          </Button>
        )}
      </div>
      {open === "set" && <SetPin onClose={close} />}
      {open === "remove" && <RemovePin onClose={close} />}
    </Card>
  );
}

function SetPin({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const act = useAct("PUT /auth/pin");
  const [pin, setPin] = useState("");
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const wrong = isProblem(act.error, "reauthentication-failed");
  const fits = /^\d{6,12}$/.test(pin);
  const submit = () => {
    setTried(true);
    if (!fits || password === "") return;
    act.mutate(
      { body: { pin, password } },
      { onSuccess: () => void readMe().then(setMe).then(onClose), onError: () => setPassword("") },
    );
  };
  return (
    <ActDialog
      title={t`PIN for the locked screen`}
      onClose={onClose}
      onSubmit={submit}
      busy={act.isPending}
      label={t`Set the PIN`}
    >
      <SecretField
        label={t`PIN`}
        hint={t`6 to 12 digits; no row such as 123456 and no single digit repeated`}
        required
        inputMode="numeric"
        autoComplete="off"
        maxLength={12}
        value={pin}
        onChange={(event) => setPin(event.target.value.replace(/\D/g, ""))}
        error={
          (isProblem(act.error) ? act.error.field("pin") : undefined) ??
          (tried && !fits ? t`6 to 12 digits are needed.` : undefined)
        }
      />
      <SecretField
        label={t`Your password`}
        required
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        error={
          wrong && password === ""
            ? t`This is not your password.`
            : tried && password === ""
              ? t`Type your password.`
              : undefined
        }
      />
      {!wrong && <ActError error={act.error} beside={isProblem(act.error, "validation")} />}
    </ActDialog>
  );
}

function RemovePin({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const act = useAct("DELETE /auth/pin");
  return (
    <ActDialog
      danger
      title={t`Remove the PIN?`}
      onClose={onClose}
      onSubmit={() => act.mutate({}, { onSuccess: () => void readMe().then(setMe).then(onClose) })}
      busy={act.isPending}
      label={t`Remove`}
    >
      <p>
        <Trans>A locked screen then opens with your password or a passkey.</Trans>
      </p>
      <ActError error={act.error} />
    </ActDialog>
  );
}
