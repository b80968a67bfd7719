import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { call } from "@/api/client";
import { isProblem } from "@/api/problems";
import { createPasskey, PasskeyRefused } from "@/session/passkey";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { Form } from "@/ui/form";
import { ActError } from "@/ui/states";

/** A passkey gets a name and is made by the browser. `codes` are given with the first factor only. */
export function PasskeyEnrolment({ onDone }: { onDone: (codes: string[] | null) => void }) {
  const { t } = useLingui();
  const [name, setName] = useState(() => ownComputer());
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const make = async () => {
    if (name.trim() === "") return;
    setBusy(true);
    setError(null);
    try {
      const { public_key: options } = await call("POST /auth/mfa/passkeys/options", { body: {} });
      const credential = await createPasskey(options);
      const made = await call("POST /auth/mfa/passkeys", { body: { name: name.trim(), credential } });
      onDone(made.recovery_codes ?? null);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Form className="flex flex-col gap-4" onSubmit={() => void make()}>
      <p className="text-muted">
        <Trans>
          A passkey stays in this computer, your telephone or a security key; you show it with a fingerprint, a face or
          its PIN. Nobody can read it off or send it on.
        </Trans>
      </p>
      <TextField
        label={t`Name`}
        hint={t`By which you know it again: the computer, the telephone, the key`}
        required
        maxLength={60}
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={isProblem(error) ? error.field("name") : name.trim() === "" ? t`A name is needed.` : undefined}
      />
      {error instanceof PasskeyRefused ? (
        <p role="alert" className="text-red">
          <Trans>The browser made no passkey. It may be there already, or the question was closed.</Trans>
        </p>
      ) : (
        <ActError error={error} beside />
      )}
      <Button type="submit" tone="primary" className="self-start" busy={busy}>
        <Trans>Make the passkey</Trans>
      </Button>
    </Form>
  );
}

/** "Linux, Chrome": a first word for the passkey of this very computer. */
function ownComputer(): string {
  const agent = navigator.userAgent;
  const system = [
    /iPhone|iPad/.test(agent) && "iPhone",
    agent.includes("Android") && "Android",
    agent.includes("Windows") && "Windows",
    agent.includes("Mac OS X") && "Mac",
    agent.includes("Linux") && "Linux",
  ].find(Boolean);
  return system || "";
}
