import { Trans, useLingui } from "@lingui/react/macro";
import { ArrowLeft, MailCheck } from "lucide-react";
import { useState } from "react";
import { call } from "@/api/client";
import { Button, ButtonLink } from "@/ui/button";
import { TextField } from "@/ui/field";
import { ActError } from "@/ui/states";

/** Asks for a link by mail. The answer is the same whether the address is known here or not. */
export function ForgottenPassword() {
  const { t } = useLingui();
  const [email, setEmail] = useState("");
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [sent, setSent] = useState(false);
  const fits = /^\S+@\S+$/.test(email.trim());
  const ask = async () => {
    setTried(true);
    if (!fits) return;
    setBusy(true);
    setError(null);
    try {
      await call("POST /auth/password-reset", { body: { email: email.trim() } });
      setSent(true);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  const back = (
    <ButtonLink to="/sign-in" search={{}} tone="ghost" className="mt-4 -ms-3 self-start" icon={<ArrowLeft />}>
      <Trans>Back to sign in</Trans>
    </ButtonLink>
  );
  if (sent)
    return (
      <>
        <MailCheck aria-hidden className="mb-3 size-8 text-green" />
        <h1 className="text-2xl font-semibold tracking-tight">
          <Trans>Look into your mail</Trans>
        </h1>
        <p className="mt-2 text-muted">
          <Trans>
            If {email.trim()} has an account here, a link is on its way to it. It works once and not for long. Nothing
            came? Look among the unwanted mail, or ask an administrator of your laboratory.
          </Trans>
        </p>
        {back}
      </>
    );
  return (
    <>
      <h1 className="text-2xl font-semibold tracking-tight">
        <Trans>Forgotten your password?</Trans>
      </h1>
      <p className="mt-1 text-muted">
        <Trans>We send a link to your address; with it you choose a new one.</Trans>
      </p>
      <form
        noValidate
        className="mt-6 flex flex-col gap-4 [--control:42px]"
        onSubmit={(event) => {
          event.preventDefault();
          void ask();
        }}
      >
        <TextField
          label={t`E-mail address`}
          type="email"
          name="email"
          autoComplete="username"
          inputMode="email"
          spellCheck={false}
          value={email}
          onChange={(event) => setEmail(event.target.value)}
          error={tried && !fits ? t`Write an e-mail address.` : undefined}
        />
        <ActError error={error} />
        <Button type="submit" tone="primary" busy={busy}>
          <Trans>Send the link</Trans>
        </Button>
      </form>
      {back}
    </>
  );
}
