import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "@/api/client";
import { isProblem } from "@/api/problems";
import { api } from "@/api/queries";
import { PasskeyRefused } from "@/session/passkey";
import { useMe } from "@/session/session";
import { ActDialog } from "@/ui/act-dialog";
import { SecretField } from "@/ui/secret-field";
import { ActError, ErrorState, Skeleton } from "@/ui/states";
import { methodsOf } from "./methods";
import { ProviderProof } from "./provider-proof";
import { PasskeyTrouble, useSecondFactor } from "./second-factor";

/** Proof that it is still the same person: the second factor of whoever has one, the password of the others. */
export function StepUpDialog({
  operation,
  onClose,
  onDone,
}: {
  operation: string;
  onClose: () => void;
  onDone: () => void;
}) {
  const { t } = useLingui();
  const me = useMe();
  const factors = useQuery({ ...api("GET /auth/mfa", {}), staleTime: 0 });
  const methods = methodsOf(factors.data);
  const [error, setError] = useState<unknown>(null);
  const factor = useSecondFactor({
    first: true,
    methods,
    onChange: () => setError(null),
    challenge: () => call("POST /auth/mfa/passkeys/challenge", { body: {} }),
  });
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const wrong = isProblem(error, "reauthentication-failed") || isProblem(error, "invalid-credentials");
  const submit = async () => {
    setBusy(true);
    setError(null);
    try {
      const proof = methods.length > 0 ? await factor.collect() : password === "" ? null : { password };
      if (!proof) return;
      await call("POST /auth/reauthenticate", { body: proof });
      onDone();
    } catch (failure) {
      setError(failure);
      if (!(failure instanceof PasskeyRefused)) factor.again();
    } finally {
      setBusy(false);
    }
  };
  return (
    <ActDialog
      title={t`Confirm that it is you`}
      onClose={onClose}
      onSubmit={() => void submit()}
      busy={busy}
      label={factor.method === "passkey" && methods.length > 0 ? t`Use the passkey` : t`Confirm`}
      disabledReason={
        factors.isPending
          ? t`Loading…`
          : methods.length === 0 && !me.has_password
            ? t`Confirm at your identity provider.`
            : undefined
      }
    >
      <p>
        <Why operation={operation} />{" "}
        <span className="text-muted">
          <Trans>It holds for five minutes.</Trans>
        </span>
      </p>
      {factors.error ? (
        <ErrorState error={factors.error} onRetry={() => void factors.refetch()} className="py-4" />
      ) : factors.isPending ? (
        <Skeleton className="h-14 w-full" />
      ) : methods.length > 0 ? (
        factor.field
      ) : !me.has_password ? (
        !me.sign_on && (
          <p>
            <Trans>You have no password here: choose one with “Forgotten your password?” on the sign-in page.</Trans>
          </p>
        )
      ) : (
        <>
          <input type="email" name="username" autoComplete="username" value={me.email} readOnly hidden />
          <SecretField
            label={t`Your password`}
            required
            autoComplete="current-password"
            // The question comes in the middle of an act, and its field a moment after the dialog.
            // oxlint-disable-next-line jsx-a11y/no-autofocus
            autoFocus
            value={password}
            onChange={(event) => {
              setPassword(event.target.value);
              setError(null);
            }}
            error={wrong ? t`This is not your password.` : undefined}
          />
        </>
      )}
      {me.sign_on && <ProviderProof name={me.sign_on} purpose="step_up" onDone={onDone} />}
      <PasskeyTrouble error={error} />
      {!wrong && !(error instanceof PasskeyRefused) && <ActError error={error} />}
    </ActDialog>
  );
}

/** What asks for the proof, in words. */
function Why({ operation }: { operation: string }) {
  if (operation.includes("/audit/exports"))
    return <Trans>Evidence leaves the laboratory with this export, and the export itself is recorded.</Trans>;
  if (operation.includes("/erase"))
    return <Trans>What is known about this person is destroyed with this, and nothing brings it back.</Trans>;
  if (operation.includes("/access-reviews"))
    return <Trans>The record of the review is signed with this, and your name stands on it.</Trans>;
  if (operation.includes("/service-accounts")) return <Trans>Programs get or lose access with this.</Trans>;
  if (operation.includes("/roles") || operation.includes("/users"))
    return <Trans>This changes what somebody may do, or how they sign in.</Trans>;
  if (operation.includes("/laboratory")) return <Trans>This changes the rules of the laboratory.</Trans>;
  if (operation.includes("/auth/")) return <Trans>This changes how you sign in.</Trans>;
  return <Trans>This needs a fresh proof.</Trans>;
}
