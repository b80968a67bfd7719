import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Check, Circle, CircleAlert, Dot } from "lucide-react";
import type { ReactNode } from "react";
import type { PasswordCheck, PasswordPolicy } from "@/api/types-access";
import { cx } from "@/ui/cx";
import { SecretField } from "@/ui/secret-field";
import { policyMet, usePasswordCheck } from "./password-check";

/** A new password, judged while it is typed: what the laboratory asks for, how strong it is, and why not. */
export function NewPasswordField({
  label,
  value,
  onChange,
  policy,
  token,
  error,
  name,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  policy: PasswordPolicy;
  /** Of the one-time link, for whoever is not signed in. */
  token?: string;
  error?: ReactNode;
  name?: string;
}) {
  const check = usePasswordCheck(value, token);
  return (
    <div className="flex flex-col gap-3">
      <SecretField
        label={label}
        required
        name={name ?? "new-password"}
        autoComplete="new-password"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        error={error}
        below={<Meter value={value} check={check} />}
      />
      <Rules value={value} policy={policy} check={check} />
    </div>
  );
}

function Meter({ value, check }: { value: string; check: PasswordCheck | null | undefined }) {
  const { t } = useLingui();
  const words = [t`Guessed at once`, t`Very weak`, t`Weak`, t`Strong`, t`Very strong`];
  const tones = ["bg-red", "bg-red", "bg-amber", "bg-green", "bg-green"];
  const score = value === "" ? -1 : (check?.score ?? -1);
  const word = words[score];
  return (
    <div className="mt-1 flex items-center gap-2">
      <span aria-hidden className="grid flex-1 grid-cols-4 gap-1">
        {[1, 2, 3, 4].map((step) => (
          <span
            key={step}
            className={cx(
              "h-1 rounded-full transition-colors duration-150",
              score >= step || (score === 0 && step === 1) ? tones[score] : "bg-line-strong",
            )}
          />
        ))}
      </span>
      <span role="status" className="text-end text-xs text-muted not-empty:min-w-24">
        {word ?? (value === "" || check === null ? "" : t`Checking…`)}
      </span>
    </div>
  );
}

function Rules({
  value,
  policy,
  check,
}: {
  value: string;
  policy: PasswordPolicy;
  check: PasswordCheck | null | undefined;
}) {
  const met = policyMet(value, policy);
  const told = new Set(["too_short", "too_long", "composition"]);
  const problems = value === "" ? [] : (check?.problems ?? []);
  return (
    <ul className="flex flex-col gap-1 text-xs">
      <Rule met={met.length}>
        <Trans>
          {policy.min_length} to {policy.max_length} characters; a sentence is easiest
        </Trans>
      </Rule>
      {policy.composition && (
        <Rule met={met.composition}>
          <Trans>A letter, a digit and another sign</Trans>
        </Rule>
      )}
      {policy.history > 0 && (
        <Rule met={null}>
          <Plural value={policy.history} one="Not the one before" other="Not one of the last #" />
        </Rule>
      )}
      {problems
        .filter((each) => !told.has(each.code))
        .map((each) => (
          <Rule key={each.code} met={false} wrong>
            {each.message}
          </Rule>
        ))}
    </ul>
  );
}

/** `met` is null where only the act itself tells. */
function Rule({ met, wrong, children }: { met: boolean | null; wrong?: boolean; children: ReactNode }) {
  const { t } = useLingui();
  const icon = "mt-0.5 size-3 shrink-0";
  return (
    <li className={cx("flex items-start gap-1.5", wrong ? "text-red" : met ? "text-green" : "text-muted")}>
      {wrong ? (
        <CircleAlert aria-hidden className={icon} />
      ) : met ? (
        <Check role="img" aria-label={t`met`} className={icon} />
      ) : met === null ? (
        <Dot aria-hidden className={icon} />
      ) : (
        <Circle role="img" aria-label={t`not yet`} className={icon} />
      )}
      <span className="min-w-0">{children}</span>
    </li>
  );
}
