import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { CircleCheckBig, Droplets, KeyRound, Stethoscope } from "lucide-react";
import { useState } from "react";
import { call } from "@/api/client";
import { isProblem } from "@/api/problems";
import type { Language, LaboratoryKind } from "@/api/types";
import { LANGUAGES, loadWords } from "@/i18n";
import { useOneTimeLink } from "@/session/link";
import { usePreferences } from "@/session/preferences";
import { Front, FrontTitle } from "@/shell/front";
import { Button, ButtonLink } from "@/ui/button";
import { ChoiceField, SelectField, TextAreaField, TextField } from "@/ui/field";
import { Form } from "@/ui/form";
import { SecretField } from "@/ui/secret-field";
import { ActError } from "@/ui/states";

export const Route = createFileRoute("/bootstrap")({
  beforeLoad: () => loadWords("whole"),
  component: Bootstrap,
});

interface Asked {
  name: string;
  slug: string;
  kind: LaboratoryKind;
  timezone: string;
  language: Language;
  address: string;
  email: string;
  person: string;
  password: string;
}

/** Name of a laboratory as it stands in addresses: lower case, ASCII, hyphens. */
function slugOf(name: string): string {
  return name
    .toLocaleLowerCase()
    .replaceAll("ł", "l")
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40);
}

/** First use of an empty installation: the one-time link makes the first laboratory and its administrator. */
function Bootstrap() {
  const { t } = useLingui();
  const [token] = useOneTimeLink();
  const { language } = usePreferences();
  const [form, setForm] = useState<Asked>({
    name: "",
    slug: "",
    kind: "testing",
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    language,
    address: "",
    email: "",
    person: "",
    password: "",
  });
  const [ownSlug, setOwnSlug] = useState(false);
  const [tried, setTried] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState(false);
  const set = (change: Partial<Asked>) => setForm((now) => ({ ...now, ...change }));
  const slug = ownSlug ? form.slug : slugOf(form.name);
  // A server's own browser often runs in UTC, which the list of places leaves out.
  const timezones = [...new Set(["UTC", ...Intl.supportedValuesOf("timeZone"), form.timezone])];

  const errors = {
    name: form.name.trim() ? undefined : t`The name is needed.`,
    slug: /^[a-z0-9][a-z0-9-]*$/.test(slug) ? undefined : t`Lower-case letters, digits and hyphens.`,
    address: form.address.trim() ? undefined : t`The address is printed on every report.`,
    person: form.person.trim() ? undefined : t`Your name is needed.`,
    email: /^\S+@\S+\.\S+$/.test(form.email.trim()) ? undefined : t`Write an e-mail address.`,
    password:
      form.password.length >= 12 &&
      /\p{L}/u.test(form.password) &&
      /\d/.test(form.password) &&
      /[^\p{L}\d]/u.test(form.password)
        ? undefined
        : t`At least 12 characters, with letters, digits and one other sign.`,
  };
  const shown = (name: keyof typeof errors, path: string) =>
    (tried ? errors[name] : undefined) ?? (isProblem(error) ? error.field(path) : undefined);
  const submit = async () => {
    setTried(true);
    if (Object.values(errors).some(Boolean)) return;
    setBusy(true);
    setError(null);
    try {
      await call("POST /bootstrap", {
        body: {
          token: token ?? "",
          laboratory: {
            name: form.name.trim(),
            slug,
            kind: form.kind,
            timezone: form.timezone,
            language: form.language,
            address: form.address.trim(),
          },
          administrator: { email: form.email.trim(), name: form.person.trim(), password: form.password },
        },
      });
      setDone(true);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };

  if (!token)
    return (
      <Front>
        <FrontTitle
          icon={<KeyRound aria-hidden className="text-accent" />}
          title={<Trans>This page needs its one-time link</Trans>}
          lead={<Trans>The server prints it at its first start. It works once.</Trans>}
        />
        <ButtonLink to="/sign-in" search={{}} className="self-start">
          <Trans>Sign in</Trans>
        </ButtonLink>
      </Front>
    );
  if (done)
    return (
      <Front>
        <FrontTitle
          icon={<CircleCheckBig aria-hidden className="text-green" />}
          title={<Trans>{form.name} is ready</Trans>}
          lead={<Trans>Its ledger has begun: the first entry says that you created it.</Trans>}
        />
        <ButtonLink to="/sign-in" search={{}} tone="primary" className="self-start">
          <Trans>Sign in</Trans>
        </ButtonLink>
      </Front>
    );
  return (
    <Front wide>
      <FrontTitle
        title={<Trans>Set up your laboratory</Trans>}
        lead={<Trans>Two minutes. Everything here can be changed later by the administrator.</Trans>}
      />
      <Form onSubmit={() => void submit()} className="flex flex-col gap-4 [--control:38px]">
        <TextField
          label={t`Name of the laboratory`}
          required
          value={form.name}
          error={shown("name", "laboratory.name")}
          onChange={(event) => set({ name: event.target.value })}
        />
        <ChoiceField
          label={t`What it does`}
          value={form.kind}
          onChange={(kind) => set({ kind })}
          options={[
            { value: "testing", label: t`Testing (ISO/IEC 17025)`, icon: <Droplets aria-hidden /> },
            { value: "medical", label: t`Medical (ISO 15189)`, icon: <Stethoscope aria-hidden /> },
          ]}
        />
        <TextAreaField
          label={t`Address`}
          required
          rows={2}
          value={form.address}
          error={shown("address", "laboratory.address")}
          onChange={(event) => set({ address: event.target.value })}
        />
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            label={t`Short name`}
            required
            mono
            value={slug}
            error={shown("slug", "laboratory.slug")}
            hint={t`Names it in addresses and keys; stays for ever.`}
            onChange={(event) => {
              setOwnSlug(true);
              set({ slug: event.target.value });
            }}
          />
          <SelectField
            label={t`Time zone`}
            required
            value={form.timezone}
            error={isProblem(error) ? error.field("laboratory.timezone") : undefined}
            options={timezones.map((zone) => ({ value: zone, label: zone }))}
            onChange={(timezone) => set({ timezone })}
          />
        </div>
        <ChoiceField
          label={t`Language of documents`}
          value={form.language}
          onChange={(next) => set({ language: next })}
          options={LANGUAGES.map((each) => ({ value: each.id, label: each.name }))}
        />
        <h2 className="mt-3 border-t border-line pt-4 text-lg font-semibold">
          <Trans>Its administrator</Trans>
        </h2>
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            label={t`Your name`}
            required
            autoComplete="name"
            value={form.person}
            error={shown("person", "administrator.name")}
            onChange={(event) => set({ person: event.target.value })}
          />
          <TextField
            label={t`E-mail address`}
            required
            type="email"
            autoComplete="username"
            value={form.email}
            error={shown("email", "administrator.email")}
            onChange={(event) => set({ email: event.target.value })}
          />
        </div>
        <SecretField
          label={t`Password`}
          required
          autoComplete="new-password"
          value={form.password}
          hint={t`At least 12 characters, with letters, digits and one other sign.`}
          error={shown("password", "administrator.password")}
          onChange={(event) => set({ password: event.target.value })}
        />
        <ActError beside error={error} />
        <Button type="submit" tone="primary" busy={busy}>
          <Trans>Create the laboratory</Trans>
        </Button>
      </Form>
    </Front>
  );
}
