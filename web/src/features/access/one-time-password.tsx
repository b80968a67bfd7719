import { Trans, useLingui } from "@lingui/react/macro";
import { CircleCheckBig, LinkIcon } from "lucide-react";
import { useEffect, useState } from "react";
import { call } from "@/api/client";
import { isProblem } from "@/api/problems";
import type { PasswordLink } from "@/api/types-access";
import { FrontForm, FrontTitle } from "@/shell/front";
import { Button, ButtonLink } from "@/ui/button";
import { TextField } from "@/ui/field";
import { ActError, ErrorState, Skeleton } from "@/ui/states";
import { NewPasswordField } from "./new-password";

/** The page behind a link from a mail: a new password after a reset, the first one after an invitation. */
export function OneTimePassword({ token, onAskAgain }: { token: string; onAskAgain: () => void }) {
  const [link, setLink] = useState<PasswordLink | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const [asked, setAsked] = useState(0);
  const [done, setDone] = useState(false);
  useEffect(() => {
    setFailed(null);
    call("POST /auth/password-reset/inspect", { body: { token } }).then(setLink, setFailed);
  }, [token, asked]);
  if (isProblem(failed, "not-found")) return <DeadLink onAskAgain={onAskAgain} />;
  if (failed) return <ErrorState error={failed} onRetry={() => setAsked(asked + 1)} />;
  if (!link)
    return (
      <div aria-busy className="flex flex-col gap-4">
        <Skeleton className="h-9 w-64" />
        <Skeleton className="h-5 w-48" />
        <Skeleton className="mt-4 h-40 w-full" />
      </div>
    );
  if (done)
    return (
      <>
        <FrontTitle
          icon={<CircleCheckBig aria-hidden className="text-green" />}
          title={<Trans>Your password is set</Trans>}
          lead={<Trans>Wherever you were signed in before, you are signed out. Now sign in with the new one.</Trans>}
        />
        <ButtonLink to="/sign-in" search={{}} tone="primary" className="self-start">
          <Trans>Sign in</Trans>
        </ButtonLink>
      </>
    );
  return <Choose link={link} token={token} onDone={() => setDone(true)} onDead={setFailed} />;
}

function Choose({
  link,
  token,
  onDone,
  onDead,
}: {
  link: PasswordLink;
  token: string;
  onDone: () => void;
  onDead: (error: unknown) => void;
}) {
  const { t } = useLingui();
  const [password, setPassword] = useState("");
  const [otp, setOtp] = useState("");
  const [asksOtp, setAsksOtp] = useState(link.second_factor);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const wrongCode =
    isProblem(error) &&
    ["second-factor-required", "invalid-credentials", "reauthentication-failed"].includes(error.slug);
  const submit = async () => {
    setTried(true);
    const code = otp.replace(/\s/g, "");
    if (password === "" || (asksOtp && code === "")) return;
    setBusy(true);
    setError(null);
    try {
      await call("POST /auth/password-reset/complete", {
        body: { token, new_password: password, ...(code ? { otp: code } : {}) },
      });
      onDone();
    } catch (failure) {
      if (isProblem(failure, "not-found")) onDead(failure);
      if (isProblem(failure, "second-factor-required")) setAsksOtp(true);
      setOtp("");
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <FrontTitle
        title={
          link.purpose === "invitation" ? (
            <Trans>Welcome to {link.laboratory.name}</Trans>
          ) : (
            <Trans>Choose a new password</Trans>
          )
        }
        lead={
          link.purpose === "invitation" ? (
            <Trans>
              {link.name}, you sign in here with {link.email} and a password that only you know. Choose it now.
            </Trans>
          ) : (
            <Trans>
              For {link.name} ({link.email}) at {link.laboratory.name}.
            </Trans>
          )
        }
      />
      <FrontForm onSubmit={() => void submit()}>
        <input type="email" name="username" autoComplete="username" value={link.email} readOnly hidden />
        <NewPasswordField
          label={t`New password`}
          value={password}
          onChange={setPassword}
          policy={link.password_policy}
          token={token}
          error={
            (isProblem(error) ? error.field("new_password") : undefined) ??
            (tried && password === "" ? t`Choose a password.` : undefined)
          }
        />
        {asksOtp && (
          <TextField
            label={t`Code from your authenticator app, or a recovery code`}
            hint={t`The link alone is not enough for an account with a second factor.`}
            mono
            name="one-time-code"
            autoComplete="one-time-code"
            autoCapitalize="none"
            spellCheck={false}
            value={otp}
            onChange={(event) => setOtp(event.target.value)}
            error={
              wrongCode && otp === "" && tried
                ? t`This code is not right, or has been used already.`
                : tried && otp === ""
                  ? t`Type the code.`
                  : undefined
            }
          />
        )}
        {!wrongCode && <ActError error={error} beside={isProblem(error, "validation")} />}
        <Button type="submit" tone="primary" busy={busy} className="mt-1">
          <Trans>Set the password</Trans>
        </Button>
      </FrontForm>
    </>
  );
}

function DeadLink({ onAskAgain }: { onAskAgain: () => void }) {
  return (
    <>
      <FrontTitle
        icon={<LinkIcon aria-hidden className="text-muted" />}
        title={<Trans>This link no longer works</Trans>}
        lead={
          <Trans>
            It has been used, replaced by a newer one, or its time is over. Was it an invitation? Then an administrator
            of your laboratory sends another.
          </Trans>
        }
      />
      <Button tone="primary" className="self-start" onClick={onAskAgain}>
        <Trans>Ask for a new link</Trans>
      </Button>
    </>
  );
}
