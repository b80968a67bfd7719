import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute, Link, redirect, useRouter } from "@tanstack/react-router";
import { Suspense, useEffect, useState } from "react";
import * as v from "valibot";
import { isProblem } from "@/api/problems";
import type { FactorMethod, SignOnOffer } from "@/api/types-access";
import { loadWords } from "@/i18n";
import { safeNext } from "@/session/next";
import { secondOfAddress, signOnOffered } from "@/session/sign-on";
import { isShared, signIn, signInWithCode, whoAmI } from "@/session/who";
import { Front, FrontForm, FrontTitle } from "@/shell/front";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { Notice } from "@/ui/page";
import { part } from "@/ui/part";
import { SecretField } from "@/ui/secret-field";
import { ActError } from "@/ui/states";

const LaboratoryChoice = part(() =>
  Promise.all([import("@/features/access/laboratory-choice"), loadWords("whole")]).then(
    ([module]) => module.LaboratoryChoice,
  ),
);
const SignOnEntry = part(() =>
  Promise.all([import("@/features/access/sign-on-entry"), loadWords("whole")]).then(([module]) => module.SignOnEntry),
);
const SecondStep = part(() =>
  Promise.all([import("@/features/access/second-step"), loadWords("whole")]).then(([module]) => module.SecondStep),
);

export const Route = createFileRoute("/sign-in")({
  validateSearch: v.object({
    next: v.optional(v.string()),
    ended: v.optional(v.boolean()),
    /** Short name of the laboratory, in the address that its people are given. */
    laboratory: v.optional(v.string()),
    /** Why single sign-on did not work, in the server's word. */
    refused: v.optional(v.string()),
  }),
  beforeLoad: async ({ search }) => {
    if (await whoAmI().catch(() => null)) throw redirect({ href: safeNext(search.next) });
  },
  component: SignIn,
});

function SignIn() {
  const { t } = useLingui();
  const { next, ended, laboratory: named, refused } = Route.useSearch();
  const router = useRouter();
  const [shared] = useState(isShared);
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [second, setSecond] = useState<{ methods: FactorMethod[]; mfaToken: string; signedOn?: boolean } | null>(() => {
    const found = secondOfAddress();
    return found && { methods: found.methods as FactorMethod[], mfaToken: found.ticket, signedOn: true };
  });
  const [offer, setOffer] = useState<SignOnOffer | null>(null);
  useEffect(() => {
    // Without an answer there is the password.
    void signOnOffered(named).then(
      (found) => found.offered && setOffer(found),
      () => undefined,
    );
  }, [named]);
  const [laboratory, setLaboratory] = useState<string>();
  const [choices, setChoices] = useState<{ slug: string; name: string }[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  const person = { email: email.trim(), password };
  const arrive = async () => {
    await router.invalidate();
    await router.navigate({ href: safeNext(next), replace: true });
  };
  const submit = async (chosen?: string) => {
    if (!person.email || !password) {
      setError(new Error(t`Enter your e-mail address and password.`));
      return;
    }
    setBusy(true);
    setError(null);
    setLaboratory(chosen);
    try {
      await signIn({ ...person, laboratory: chosen });
      await arrive();
    } catch (failure) {
      if (isProblem(failure, "laboratory-required"))
        setChoices(failure.problem.laboratories as { slug: string; name: string }[]);
      else if (isProblem(failure, "mfa-required"))
        setSecond({
          methods: failure.problem.methods as FactorMethod[],
          mfaToken: failure.problem.mfa_token as string,
        });
      else
        setError(
          isProblem(failure, "invalid-credentials") ? new Error(t`E-mail address and password do not match.`) : failure,
        );
    } finally {
      setBusy(false);
    }
  };

  if (second)
    return (
      <Front>
        <Suspense>
          <SecondStep
            {...second}
            email={second.signedOn ? undefined : person.email}
            onCode={(otp, token) =>
              second.signedOn ? signInWithCode(token, otp) : signIn({ ...person, laboratory, otp })
            }
            onDone={arrive}
            onBack={() => setSecond(null)}
          />
        </Suspense>
      </Front>
    );

  if (choices)
    return (
      <Front>
        <Suspense>
          <LaboratoryChoice
            email={person.email}
            choices={choices}
            busy={busy}
            error={error}
            onChoose={(slug) => void submit(slug)}
            onBack={() => setChoices(null)}
          />
        </Suspense>
      </Front>
    );

  const withPassword = (
    <>
      <FrontForm onSubmit={() => void submit()}>
        <TextField
          label={t`E-mail address`}
          type="email"
          name="email"
          autoComplete="username"
          inputMode="email"
          spellCheck={false}
          // The page has one purpose; starting in its first field helps everybody.
          // oxlint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <SecretField
          label={t`Password`}
          name="password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <ActError error={error} />
        <Button type="submit" tone="primary" busy={busy} className="mt-1">
          <Trans>Sign in</Trans>
        </Button>
      </FrontForm>
      <Link to="/password" className="mt-5 self-start text-accent underline underline-offset-2 hover:no-underline">
        <Trans>Forgotten your password?</Trans>
      </Link>
      {shared && (
        <Link to="/switch" className="mt-3 self-start text-accent underline underline-offset-2 hover:no-underline">
          <Trans>People parked at this computer</Trans>
        </Link>
      )}
    </>
  );

  return (
    <Front>
      <FrontTitle
        title={<Trans>Sign in</Trans>}
        lead={<Trans>To your laboratory's samples, results and reports.</Trans>}
      />
      {ended && (
        <Notice tone="amber" className="mb-5">
          <Trans>Your session ended. Sign in to go on where you were.</Trans>
        </Notice>
      )}
      {offer || refused ? (
        <Suspense fallback={withPassword}>
          <SignOnEntry offer={offer} refused={refused} next={next} password={withPassword} />
        </Suspense>
      ) : (
        withPassword
      )}
    </Front>
  );
}
