import { Trans } from "@lingui/react/macro";
import { KeyRound } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { SignOnOffer } from "@/api/types-access";
import { safeNext } from "@/session/next";
import { signOnAt } from "@/session/provider";
import { Button } from "@/ui/button";
import { Notice } from "@/ui/page";
import { ActError } from "@/ui/states";
import { SignOnRefusal } from "./sign-on-refusal";

/** The way in over the identity provider; where passwords open nothing it comes first and `password` folds away. */
export function SignOnEntry({
  offer,
  refused,
  next,
  password,
}: {
  offer: SignOnOffer | null;
  refused: string | undefined;
  next: string | undefined;
  password: ReactNode;
}) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const laboratory = offer?.laboratory;
  const begin = async () => {
    if (!laboratory) return;
    setBusy(true);
    setError(null);
    try {
      await signOnAt(laboratory, safeNext(next));
      // The page is being left; the button stays busy until it is.
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  const button = laboratory && (
    <div className="flex flex-col gap-3 [--control:42px]">
      <Button
        tone={offer.enforced ? "primary" : "secondary"}
        icon={<KeyRound />}
        busy={busy}
        onClick={() => void begin()}
      >
        <Trans>Sign in with {offer.name}</Trans>
      </Button>
      <ActError error={error} />
    </div>
  );
  return (
    <>
      {refused && (
        <Notice tone="amber" className="mb-5">
          <SignOnRefusal reason={refused} />
        </Notice>
      )}
      {!button ? (
        password
      ) : offer?.enforced ? (
        <>
          {button}
          <details className="mt-6">
            <summary className="text-muted">
              <Trans>Administrators can sign in with a password</Trans>
            </summary>
            <div className="mt-5">{password}</div>
          </details>
        </>
      ) : (
        <>
          {password}
          <p
            aria-hidden
            className="my-4 flex items-center gap-3 text-xs text-muted before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line"
          >
            <Trans>or</Trans>
          </p>
          {button}
        </>
      )}
    </>
  );
}
