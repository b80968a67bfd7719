import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct } from "@/api/queries";
import type {
  AccessReviewSettings,
  Laboratory,
  LaboratorySettings,
  PasswordSettings,
  SettingsChange,
} from "@/api/types-records";
import { PolicyCard, REVIEW_BOUNDS } from "@/features/access-reviews/policy-card";
import { useMay } from "@/session/session";
import { Button } from "@/ui/button";
import { CheckField, ChoiceField, TextAreaField } from "@/ui/field";
import { Form } from "@/ui/form";
import { Card, Notice } from "@/ui/page";
import { ActError } from "@/ui/states";
import { NumberField, within } from "./number-field";
import { RoleFactors } from "./role-factors";

const BOUNDS = {
  min_length: [8, 64],
  history: [0, 24],
  lockout_after: [3, 20],
  idle_minutes: [5, 720],
  ...REVIEW_BOUNDS,
} as const;

/** How people prove who they are, how long that holds, and where two of them are needed. */
export function SecurityForm({ laboratory }: { laboratory: Laboratory }) {
  const { t } = useLingui();
  const may = useMay();
  const act = useAct("PATCH /laboratory");
  const before = laboratory.settings;
  const [numbers, setNumbers] = useState({
    min_length: String(before.password.min_length),
    history: String(before.password.history),
    lockout_after: String(before.password.lockout_after),
    idle_minutes: String(before.idle_minutes),
    every_days: String(before.access_review.every_days),
    answer_within_days: String(before.access_review.answer_within_days),
    unused_after_days: String(before.access_review.unused_after_days),
  });
  const [rules, setRules] = useState({
    composition: before.password.composition,
    change_initial: before.password.change_initial,
    blocklist: before.password.blocklist.join("\n"),
  });
  const [eyes, setEyes] = useState({ verification: before.four_eyes_verification, release: before.four_eyes_release });
  const [factor, setFactor] = useState(before.second_factor);
  const locked = may("settings:manage") ? undefined : t`Your roles lack the permission ${"settings:manage"}.`;
  const wrong = (Object.keys(BOUNDS) as (keyof typeof BOUNDS)[]).some((key) => !within(numbers[key], BOUNDS[key]));
  const password = changed<PasswordSettings>(before.password, {
    min_length: Number(numbers.min_length),
    history: Number(numbers.history),
    lockout_after: Number(numbers.lockout_after),
    composition: rules.composition,
    change_initial: rules.change_initial,
    blocklist: wordsOf(rules.blocklist),
  });
  const access_review = changed<AccessReviewSettings>(before.access_review, {
    every_days: Number(numbers.every_days),
    answer_within_days: Number(numbers.answer_within_days),
    unused_after_days: Number(numbers.unused_after_days),
  });
  const settings: SettingsChange = {
    ...changed<Omit<LaboratorySettings, "password" | "access_review">>(before, {
      idle_minutes: Number(numbers.idle_minutes),
      four_eyes_verification: eyes.verification,
      four_eyes_release: eyes.release,
      second_factor: factor,
    }),
    ...(Object.keys(password).length > 0 ? { password } : {}),
    ...(Object.keys(access_review).length > 0 ? { access_review } : {}),
  };
  const dirty = Object.keys(settings).length > 0;
  const server = (path: string) => (isProblem(act.error) ? act.error.field(`settings.${path}`) : undefined);
  const number = (key: keyof typeof BOUNDS, path: string) => ({
    bounds: BOUNDS[key],
    value: numbers[key],
    readOnly: Boolean(locked),
    onChange: (value: string) => setNumbers((now) => ({ ...now, [key]: value })),
    error: server(path),
  });
  const save = () => {
    if (!wrong) act.mutate({ body: { settings }, options: { version: laboratory.version } });
  };
  return (
    <Form onSubmit={save}>
      {locked && (
        <Notice tone="amber" className="mb-4">
          {locked}
        </Notice>
      )}
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-4">
          <Card id="passwords" title={t`Passwords`}>
            <fieldset className="flex flex-col gap-4" disabled={Boolean(locked)}>
              <legend className="sr-only">{t`Passwords`}</legend>
              <NumberField
                label={t`Shortest password, in characters`}
                hint={t`Length protects more than anything else. 12 is what OWASP and NIST come out at.`}
                {...number("min_length", "password.min_length")}
              />
              <CheckField
                label={<Trans>Letters, digits and another sign are needed</Trans>}
                hint={
                  <Trans>
                    Without it, length and the list of guessable passwords protect; that is the modern rule.
                  </Trans>
                }
                checked={rules.composition}
                onChange={(composition) => setRules((now) => ({ ...now, composition }))}
              />
              <NumberField
                label={t`Former passwords that cannot come back`}
                hint={t`0 remembers none.`}
                {...number("history", "password.history")}
              />
              <NumberField
                label={t`Wrong attempts until the account waits`}
                hint={t`Each further one doubles the wait; nobody is locked out for ever.`}
                {...number("lockout_after", "password.lockout_after")}
              />
              <CheckField
                label={<Trans>A password that an administrator gave is changed at the first sign-in</Trans>}
                checked={rules.change_initial}
                onChange={(change_initial) => setRules((now) => ({ ...now, change_initial }))}
              />
              <TextAreaField
                label={t`The laboratory's own words`}
                hint={t`One a line: its name, street, instruments. A password is not made of them.`}
                rows={4}
                spellCheck={false}
                value={rules.blocklist}
                onChange={(event) => setRules((now) => ({ ...now, blocklist: event.target.value }))}
                error={server("password.blocklist")}
              />
            </fieldset>
          </Card>
          <Card id="sessions" title={t`Sessions`}>
            <fieldset disabled={Boolean(locked)}>
              <legend className="sr-only">{t`Sessions`}</legend>
              <NumberField
                label={t`Sign out after minutes without work`}
                hint={t`720 are twelve hours. After 24 hours everybody signs in again; a locked screen counts as rest.`}
                {...number("idle_minutes", "idle_minutes")}
              />
            </fieldset>
          </Card>
          <Card id="four-eyes" title={t`Four eyes`}>
            <fieldset className="flex flex-col gap-4" disabled={Boolean(locked)}>
              <legend className="sr-only">{t`Four eyes`}</legend>
              <CheckField
                label={<Trans>Another person verifies what one has entered</Trans>}
                hint={<Trans>Four eyes for results. Switching it off is recorded.</Trans>}
                checked={eyes.verification}
                onChange={(verification) => setEyes((now) => ({ ...now, verification }))}
              />
              <CheckField
                label={<Trans>Another person releases what one has signed</Trans>}
                hint={<Trans>Four eyes for reports.</Trans>}
                checked={eyes.release}
                onChange={(release) => setEyes((now) => ({ ...now, release }))}
              />
            </fieldset>
          </Card>
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <Card id="second-factor" title={t`Second factor`}>
            <div className="flex flex-col gap-4">
              <fieldset disabled={Boolean(locked)}>
                <legend className="sr-only">{t`Second factor`}</legend>
                <ChoiceField
                  label={t`Asked for`}
                  value={factor}
                  onChange={setFactor}
                  options={[
                    { value: "by_role", label: t`Where a role asks` },
                    { value: "off", label: t`Nowhere` },
                  ]}
                />
              </fieldset>
              {factor === "off" && (
                <Notice tone="amber">
                  <Trans>
                    A stolen password is then enough to sign reports and to change rights. Whoever has a second factor
                    is still asked for it.
                  </Trans>
                </Notice>
              )}
              <RoleFactors off={factor === "off"} />
            </div>
          </Card>
          <PolicyCard locked={Boolean(locked)} field={(key) => number(key, `access_review.${key}`)} />
        </div>
      </div>
      <div className="mt-4 flex flex-wrap items-center gap-3">
        <Button
          type="submit"
          tone="primary"
          busy={act.isPending}
          disabledReason={
            locked ?? (wrong ? t`A number lies outside its bounds.` : dirty ? undefined : t`Nothing is changed.`)
          }
        >
          <Trans>Save the rules</Trans>
        </Button>
        <p className="text-xs text-muted">
          <Trans>Every change is recorded with its old and new value.</Trans>
        </p>
      </div>
      <ActError error={act.error} className="mt-3" />
    </Form>
  );
}

const wordsOf = (text: string) =>
  text
    .split("\n")
    .map((word) => word.trim())
    .filter(Boolean);

/** What of `now` differs from `before`. */
function changed<T extends object>(before: T, now: Partial<T>): Partial<T> {
  return Object.fromEntries(
    Object.entries(now).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(before[key as keyof T])),
  ) as Partial<T>;
}
