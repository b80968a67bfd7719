import { Trans, useLingui } from "@lingui/react/macro";
import { ArrowLeft, MailCheck } from "lucide-react";
import { useState } from "react";
import { call } from "@/api/client";
import { FrontForm, FrontTitle } from "@/shell/front";
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
        <FrontTitle
          icon={<MailCheck aria-hidden className="text-green" />}
          title={<Trans>Look into your mail</Trans>}
          lead={
            <Trans>
              If {email.trim()} has an account here, a link is on its way to it. It works once and not for long. Nothing
              came? Look among the unwanted mail, or ask an administrator of your laboratory.
            </Trans>
          }
        />
        {back}
      </>
    );
  return (
    <>
      <FrontTitle
        title={<Trans>Forgotten your password?</Trans>}
        lead={<Trans>We send a link to your address; with it you choose a new one.</Trans>}
      />
      <FrontForm onSubmit={() => void ask()}>
        <TextField
          label={t`E-mail address`}
          type="email"
          name="email"
          autoComplete="username"
          inputMode="email"
          spellCheck={false}
          // Nothing else is to be done here.
          // oxlint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.target.value)}
          error={tried && !fits ? t`Write an e-mail address.` : undefined}
        />
        <ActError error={error} />
        <Button type="submit" tone="primary" busy={busy}>
          <Trans>Send the link</Trans>
        </Button>
      </FrontForm>
      {back}
    </>
  );
}
