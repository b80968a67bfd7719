import { Trans, useLingui } from "@lingui/react/macro";
import { Fingerprint } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { isProblem } from "@/api/problems";
import type { SwitchProof, WebAuthnJson } from "@/api/types-access";
import { PasskeyRefused, passkeysWork, showPasskey } from "@/session/passkey";
import { Button } from "@/ui/button";
import { Form } from "@/ui/form";
import { SecretField } from "@/ui/secret-field";
import { ActError } from "@/ui/states";
import { PasskeyTrouble } from "./second-factor";

/**
 * How a person comes back to a session that waits for them: by the PIN where there is one, by the password, or by a passkey
 * where they have one. For the lock screen and for a shared computer.
 */
export function UnlockFields({
  email,
  hasPin,
  hasPasskey,
  label,
  notice,
  challenge,
  onProof,
  children,
}: {
  /** For password managers; unknown where only the name may be shown. */
  email?: string;
  hasPin: boolean;
  hasPasskey: boolean;
  /** Of the button. */
  label: string;
  notice?: ReactNode;
  /** Asks the server for the question that a passkey answers. */
  challenge: () => Promise<{ public_key: WebAuthnJson }>;
  onProof: (proof: SwitchProof) => Promise<void>;
  /** Other ways to go on. */
  children?: ReactNode;
}) {
  const { t } = useLingui();
  const [withPin, setWithPin] = useState(hasPin);
  const [secret, setSecret] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const field = useRef<HTMLDivElement>(null);
  const wrong = isProblem(error) && (error.slug === "reauthentication-failed" || error.slug === "invalid-credentials");
  const open = async (proof: () => Promise<SwitchProof>) => {
    setBusy(true);
    setError(null);
    try {
      await onProof(await proof());
    } catch (failure) {
      setError(failure);
      setSecret("");
      field.current?.querySelector("input")?.focus();
    } finally {
      setBusy(false);
    }
  };
  return (
    <Form
      className="flex w-full flex-col items-center gap-5 [--control:42px]"
      onSubmit={() => {
        if (secret !== "") void open(async () => (withPin ? { pin: secret } : { password: secret }));
      }}
    >
      <div ref={field} className="w-full">
        {email && <input type="email" name="username" autoComplete="username" value={email} readOnly hidden />}
        <SecretField
          key={withPin ? "pin" : "password"}
          label={withPin ? t`PIN` : t`Password`}
          // The screen has one purpose.
          // oxlint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          inputMode={withPin ? "numeric" : undefined}
          autoComplete={withPin ? "off" : "current-password"}
          value={secret}
          onChange={(event) => setSecret(event.target.value)}
          error={
            !wrong
              ? undefined
              : withPin
                ? t`This is not your PIN. Five wrong ones end the session.`
                : t`This is not your password.`
          }
        />
      </div>
      <PasskeyTrouble error={error} />
      {!wrong && !(error instanceof PasskeyRefused) && <ActError error={error} className="w-full" />}
      {notice}
      <Button type="submit" tone="primary" className="w-full" busy={busy}>
        {label}
      </Button>
      <div className="flex w-full flex-wrap justify-center gap-1">
        {hasPin && (
          <Button
            tone="ghost"
            onClick={() => {
              setWithPin(!withPin);
              setSecret("");
              setError(null);
            }}
          >
            {withPin ? <Trans>Use the password</Trans> : <Trans>Use the PIN</Trans>}
          </Button>
        )}
        {hasPasskey && passkeysWork() && (
          <Button
            tone="ghost"
            icon={<Fingerprint />}
            onClick={() => void open(async () => ({ passkey: await showPasskey((await challenge()).public_key) }))}
          >
            <Trans>Use a passkey</Trans>
          </Button>
        )}
        {children}
      </div>
    </Form>
  );
}
