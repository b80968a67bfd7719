import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute, redirect, useRouter } from "@tanstack/react-router";
import { ArrowLeft, Building2, ChevronRight, Eye, EyeOff } from "lucide-react";
import { type FormEvent, useState } from "react";
import * as v from "valibot";
import { isProblem } from "@/api/problems";
import { safeNext } from "@/session/next";
import { signIn, whoAmI } from "@/session/who";
import { Front } from "@/shell/front";
import { Button } from "@/ui/button";
import { Field, TextField } from "@/ui/field";
import { Notice } from "@/ui/page";
import { ActError } from "@/ui/states";

export const Route = createFileRoute("/sign-in")({
  validateSearch: v.object({ next: v.optional(v.string()), ended: v.optional(v.boolean()) }),
  beforeLoad: async ({ search }) => {
    if (await whoAmI().catch(() => null)) throw redirect({ href: safeNext(search.next) });
  },
  component: SignIn,
});

interface LaboratoryChoice {
  slug: string;
  name: string;
}

function SignIn() {
  const { t } = useLingui();
  const { next, ended } = Route.useSearch();
  const router = useRouter();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [shown, setShown] = useState(false);
  const [otp, setOtp] = useState<string | null>(null);
  const [choices, setChoices] = useState<LaboratoryChoice[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (laboratory?: string) => {
    if (!email.trim() || !password) {
      setError(new Error(t`Enter your e-mail address and password.`));
      return;
    }
    setBusy(true);
    setError(null);
    try {
      await signIn({ email: email.trim(), password, laboratory, otp: otp ?? undefined });
      await router.invalidate();
      await router.navigate({ href: safeNext(next), replace: true });
    } catch (failure) {
      if (isProblem(failure, "laboratory-required")) setChoices(failure.problem.laboratories as LaboratoryChoice[]);
      else if (isProblem(failure, "mfa-required")) setOtp("");
      else
        setError(
          isProblem(failure, "invalid-credentials") ? new Error(t`E-mail address and password do not match.`) : failure,
        );
    } finally {
      setBusy(false);
    }
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void submit();
  };

  if (choices)
    return (
      <Front>
        <h1 className="text-2xl font-semibold tracking-tight">
          <Trans>Which laboratory?</Trans>
        </h1>
        <p className="mt-1 text-muted">
          <Trans>{email} works in more than one.</Trans>
        </p>
        <ul className="mt-6 flex flex-col gap-2">
          {choices.map((choice) => (
            <li key={choice.slug}>
              <button
                type="button"
                disabled={busy}
                onClick={() => void submit(choice.slug)}
                className="flex min-h-14 w-full items-center gap-3 rounded-lg border border-line-strong px-4 text-start hover:border-accent hover:bg-accent-tint"
              >
                <Building2 aria-hidden className="size-5 text-accent" />
                <span className="min-w-0 flex-1">
                  <span className="block truncate font-medium">{choice.name}</span>
                  <span className="mono block truncate text-muted">{choice.slug}</span>
                </span>
                <ChevronRight aria-hidden className="size-4 text-muted" />
              </button>
            </li>
          ))}
        </ul>
        <ActError error={error} className="mt-4" />
        <Button tone="ghost" className="mt-4 self-start" icon={<ArrowLeft />} onClick={() => setChoices(null)}>
          <Trans>Back</Trans>
        </Button>
      </Front>
    );

  return (
    <Front>
      <h1 className="text-2xl font-semibold tracking-tight">
        <Trans>Sign in</Trans>
      </h1>
      <p className="mt-1 text-muted">
        <Trans>To your laboratory's samples, results and reports.</Trans>
      </p>
      {ended && (
        <Notice tone="amber" className="mt-5">
          <Trans>Your session ended. Sign in to go on where you were.</Trans>
        </Notice>
      )}
      <form onSubmit={onSubmit} noValidate className="mt-6 flex flex-col gap-4 [--control:42px]">
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
        <Field label={t`Password`}>
          {(control) => (
            <div className="control flex items-center pe-1!">
              <input
                {...control}
                type={shown ? "text" : "password"}
                name="password"
                autoComplete="current-password"
                className="min-w-0 flex-1 bg-transparent py-2 outline-none"
                value={password}
                onChange={(event) => setPassword(event.target.value)}
              />
              <button
                type="button"
                aria-pressed={shown}
                aria-label={t`Show password`}
                onClick={() => setShown(!shown)}
                className="grid size-8 place-items-center rounded-sm text-muted hover:bg-hover hover:text-ink"
              >
                {shown ? <EyeOff className="size-4" /> : <Eye className="size-4" />}
              </button>
            </div>
          )}
        </Field>
        {otp !== null && (
          <TextField
            label={t`Code from your authenticator`}
            inputMode="numeric"
            autoComplete="one-time-code"
            mono
            value={otp}
            onChange={(event) => setOtp(event.target.value)}
          />
        )}
        <ActError error={error} />
        <Button type="submit" tone="primary" busy={busy} className="mt-1">
          <Trans>Sign in</Trans>
        </Button>
      </form>
    </Front>
  );
}
