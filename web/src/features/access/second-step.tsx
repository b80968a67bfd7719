import { Trans, useLingui } from "@lingui/react/macro";
import { ArrowLeft } from "lucide-react";
import { useState } from "react";
import { call } from "@/api/client";
import { isProblem } from "@/api/problems";
import type { FactorMethod } from "@/api/types-access";
import { PasskeyRefused } from "@/session/passkey";
import { signInWithPasskey } from "@/session/who";
import { FrontForm, FrontTitle } from "@/shell/front";
import { Button } from "@/ui/button";
import { ActError } from "@/ui/states";
import { PasskeyTrouble, useSecondFactor } from "./second-factor";

/** After the right password: what the person has besides it. */
export function SecondStep({
  email,
  methods,
  mfaToken: firstToken,
  onCode,
  onDone,
  onBack,
}: {
  /** Whose password it was; nobody's after the identity provider. */
  email: string | undefined;
  methods: readonly FactorMethod[];
  mfaToken: string;
  /** Signs in with what was right and this code. */
  onCode: (otp: string, mfaToken: string) => Promise<unknown>;
  onDone: () => Promise<void>;
  onBack: () => void;
}) {
  const { t } = useLingui();
  const [mfaToken, setMfaToken] = useState(firstToken);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const factor = useSecondFactor({
    methods,
    first: true,
    onChange: () => setError(null),
    challenge: () => call("POST /auth/login/passkey/options", { body: { mfa_token: mfaToken } }),
  });
  const submit = async () => {
    setBusy(true);
    setError(null);
    try {
      const shown = await factor.collect();
      if (!shown) return;
      if ("otp" in shown) await onCode(shown.otp, mfaToken);
      else await signInWithPasskey(mfaToken, shown.passkey);
      await onDone();
    } catch (failure) {
      setError(failure);
      // A wrong code is answered with the same question, and a new token for the passkey.
      if (isProblem(failure, "mfa-required") && typeof failure.problem.mfa_token === "string")
        setMfaToken(failure.problem.mfa_token);
      if (!(failure instanceof PasskeyRefused)) factor.again();
    } finally {
      setBusy(false);
    }
  };
  const wrongCode = factor.wrong && factor.method !== "passkey" && isProblem(error, "mfa-required");
  return (
    <>
      <FrontTitle
        title={<Trans>Second step</Trans>}
        lead={
          email ? (
            <Trans>The password of {email} is right. Now show what only you have.</Trans>
          ) : (
            <Trans>Your identity provider knows you. Now show what only you have.</Trans>
          )
        }
      />
      <FrontForm onSubmit={() => void submit()}>
        {factor.field}
        <PasskeyTrouble error={error} />
        {!wrongCode && !(error instanceof PasskeyRefused) && <ActError error={error} />}
        <Button type="submit" tone="primary" busy={busy} className="mt-1">
          {factor.method === "passkey" ? t`Use the passkey` : t`Sign in`}
        </Button>
      </FrontForm>
      <Button tone="ghost" className="mt-4 -ms-3 self-start" icon={<ArrowLeft />} onClick={onBack}>
        {email ? <Trans>Back to the password</Trans> : <Trans>Back</Trans>}
      </Button>
    </>
  );
}
