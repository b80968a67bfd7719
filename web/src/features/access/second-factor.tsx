import { Trans, useLingui } from "@lingui/react/macro";
import { Fingerprint, KeySquare, Smartphone } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { FactorMethod, WebAuthnJson } from "@/api/types-access";
import { PasskeyRefused, passkeysWork, showPasskey } from "@/session/passkey";
import { ChoiceField, TextField } from "@/ui/field";

export type Shown = { otp: string } | { passkey: WebAuthnJson };

/**
 * A second factor as part of a form: the field to draw, and `collect`, which gives what was shown, or null when nothing was
 * typed yet (the field then says so). A code serves once: after a refusal `again` empties the field and says so, `empty` is quiet.
 */
export function useSecondFactor({
  methods,
  challenge,
  onChange,
  first,
}: {
  methods: readonly FactorMethod[];
  /** It is all that the screen asks for: typing begins in it. */
  first?: boolean;
  /** Another way was chosen or something typed: what was said about the last attempt is over. */
  onChange?: () => void;
  /** Asks the server for the question that a passkey answers. */
  challenge: () => Promise<{ public_key: WebAuthnJson }>;
}) {
  const usable = methods.filter((each) => each !== "passkey" || passkeysWork());
  const [chosen, setChosen] = useState<FactorMethod | null>(null);
  const [code, setCode] = useState("");
  const [missing, setMissing] = useState(false);
  const [wrong, setWrong] = useState(false);
  const method = chosen && usable.includes(chosen) ? chosen : (usable[0] ?? "recovery");

  const collect = async (): Promise<Shown | null> => {
    setWrong(false);
    if (method === "passkey") return { passkey: await showPasskey((await challenge()).public_key) };
    const otp = code.replace(/\s/g, "");
    setMissing(otp === "");
    return otp === "" ? null : { otp };
  };
  const empty = () => {
    setCode("");
    setMissing(false);
  };
  const again = () => {
    empty();
    setWrong(true);
  };
  const field = (
    <SecondFactorField
      {...{ usable, method, code }}
      // Not again after another way was chosen: the focus is on the choice then.
      focused={first === true && chosen === null}
      onMethod={(next) => {
        onChange?.();
        setChosen(next);
        setCode("");
        setMissing(false);
        setWrong(false);
      }}
      onCode={(next) => {
        onChange?.();
        setCode(next);
        setMissing(false);
        setWrong(false);
      }}
      state={wrong ? "wrong" : missing ? "missing" : null}
    />
  );
  return { field, collect, again, empty, method, wrong };
}

function SecondFactorField({
  usable,
  method,
  code,
  onMethod,
  onCode,
  state,
  focused,
}: {
  usable: readonly FactorMethod[];
  method: FactorMethod;
  code: string;
  onMethod: (method: FactorMethod) => void;
  onCode: (code: string) => void;
  state: "wrong" | "missing" | null;
  focused: boolean;
}) {
  const { t } = useLingui();
  const names: Record<FactorMethod, { label: string; icon: ReactNode }> = {
    totp: { label: t`App`, icon: <Smartphone aria-hidden /> },
    passkey: { label: t`Passkey`, icon: <Fingerprint aria-hidden /> },
    recovery: { label: t`Recovery code`, icon: <KeySquare aria-hidden /> },
  };
  const error =
    state === "wrong"
      ? t`This code is not right, or has been used already.`
      : state === "missing"
        ? t`Type the code.`
        : undefined;
  return (
    <div className="flex flex-col gap-3">
      {usable.length > 1 && (
        <ChoiceField
          label={t`Second factor`}
          value={method}
          onChange={onMethod}
          options={usable.map((each) => ({ value: each, ...names[each] }))}
        />
      )}
      {method === "passkey" ? (
        <p className="text-muted">
          <Trans>Your browser asks for the passkey: a fingerprint, a face, a PIN or a security key.</Trans>
        </p>
      ) : (
        <TextField
          key={method}
          label={method === "totp" ? t`Code from your authenticator app` : t`One of your recovery codes`}
          hint={method === "totp" ? t`Six digits; a new code every 30 seconds` : t`Each serves once`}
          mono
          name="one-time-code"
          autoComplete="one-time-code"
          inputMode={method === "totp" ? "numeric" : "text"}
          autoCapitalize="none"
          spellCheck={false}
          maxLength={40}
          // oxlint-disable-next-line jsx-a11y/no-autofocus
          autoFocus={focused}
          value={code}
          onChange={(event) => onCode(event.target.value)}
          error={error}
        />
      )}
    </div>
  );
}

/** Why a passkey did not work, in words; null when the failure is another. */
export function PasskeyTrouble({ error }: { error: unknown }) {
  if (!(error instanceof PasskeyRefused)) return null;
  return (
    <p role="alert" className="text-red">
      <Trans>The browser gave no passkey. Try again, or choose another way.</Trans>
    </p>
  );
}
