import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct } from "@/api/queries";
import type { Laboratory } from "@/api/types-records";
import { CopyButton } from "@/ui/copy-button";
import { LANGUAGES } from "@/i18n";
import { useMay } from "@/session/session";
import { SelectField, TextAreaField, TextField } from "@/ui/field";
import { Form } from "@/ui/form";
import { Card, Notice } from "@/ui/page";
import { SaveButton } from "@/ui/save-button";
import { ActError } from "@/ui/states";

/** What is printed on reports, how the laboratory works, and the key that its ledger is signed with. */
export function LaboratoryForm({ laboratory }: { laboratory: Laboratory }) {
  const { t } = useLingui();
  const may = useMay();
  const act = useAct("PATCH /laboratory");
  const [form, setForm] = useState({
    name: laboratory.name,
    address: laboratory.address ?? "",
    accreditation_number: laboratory.accreditation_number ?? "",
    contact: laboratory.contact ?? "",
    timezone: laboratory.timezone,
    language: laboratory.language,
  });
  const { accession_prefix, default_decision_rule } = laboratory.settings;
  const [settings, setSettings] = useState({ accession_prefix, default_decision_rule });
  const [tried, setTried] = useState(false);
  const server = (path: string) => (isProblem(act.error) ? act.error.field(path) : undefined);
  const locked = may("settings:manage") ? undefined : t`Your roles lack the permission ${"settings:manage"}.`;
  const changes: Partial<Laboratory> = {};
  for (const key of ["name", "address", "accreditation_number", "contact", "timezone"] as const)
    if (form[key].trim() !== (laboratory[key] ?? "")) {
      const text = form[key].trim();
      if (key === "accreditation_number" || key === "contact") changes[key] = text || null;
      else changes[key] = text;
    }
  if (form.language !== laboratory.language) changes.language = form.language;
  const settingChanges = Object.fromEntries(
    Object.entries(settings).filter(([key, value]) => value !== laboratory.settings[key as keyof typeof settings]),
  ) as Partial<typeof settings>;
  const dirty = Object.keys(changes).length + Object.keys(settingChanges).length > 0;
  const text = (key: "name" | "address" | "accreditation_number" | "contact" | "timezone") => ({
    value: form[key],
    readOnly: Boolean(locked),
    onChange: (event: { target: { value: string } }) => setForm((now) => ({ ...now, [key]: event.target.value })),
    error: server(key),
  });
  const save = () => {
    setTried(true);
    if (form.name.trim() === "") return;
    act.mutate({
      body: { ...changes, ...(Object.keys(settingChanges).length > 0 ? { settings: settingChanges } : {}) },
      options: { version: laboratory.version },
    });
  };
  return (
    <Form className="grid items-start gap-4 xl:grid-cols-2" onSubmit={save}>
      <div className="flex flex-col gap-4">
        {locked && <Notice tone="amber">{locked}</Notice>}
        <Card id="identity" title={t`On every report`}>
          <div className="flex flex-col gap-4">
            <TextField
              label={t`Name`}
              required
              {...text("name")}
              error={(tried && form.name.trim() === "" ? t`A name is needed.` : undefined) ?? server("name")}
            />
            <TextAreaField label={t`Address`} rows={2} {...text("address")} />
            <TextField label={t`Accreditation number`} mono {...text("accreditation_number")} />
            <TextField label={t`Contact`} {...text("contact")} />
          </div>
        </Card>
        <Card id="key" title={t`Log key`}>
          <p className="text-muted">
            <Trans>
              With this key anybody can check the ledger and every export. Give it to your clients and assessors; it is
              public.
            </Trans>
          </p>
          <div className="mt-3 flex items-start gap-2">
            <code className="mono min-w-0 flex-1 rounded-md bg-sunken px-2.5 py-1.5 text-xs break-all select-all">
              {laboratory.log_key}
            </code>
            <CopyButton text={laboratory.log_key} />
          </div>
        </Card>
      </div>
      <div className="flex flex-col gap-4">
        <Card id="rules" title={t`How it works here`}>
          <fieldset className="flex flex-col gap-4" disabled={Boolean(locked)}>
            <legend className="sr-only">{t`How it works here`}</legend>
            <TextField
              label={t`Accession numbers begin with`}
              mono
              value={settings.accession_prefix}
              onChange={(event) => setSettings((now) => ({ ...now, accession_prefix: event.target.value }))}
              error={server("settings.accession_prefix")}
            />
            <SelectField
              label={t`Decision rule, unless a specification says otherwise`}
              value={settings.default_decision_rule}
              onChange={(rule) => rule !== "" && setSettings((now) => ({ ...now, default_decision_rule: rule }))}
              options={[
                { value: "none", label: t`No statement` },
                { value: "simple", label: t`Simple acceptance` },
                { value: "guard_band", label: t`Guard band` },
              ]}
            />
            <TextField label={t`Time zone`} mono {...text("timezone")} />
            <SelectField
              label={t`Language of new documents`}
              value={form.language}
              onChange={(next) => next !== "" && setForm((now) => ({ ...now, language: next }))}
              options={LANGUAGES.map((each) => ({ value: each.id, label: each.name }))}
            />
          </fieldset>
        </Card>
        <ActError error={act.error} />
        <SaveButton dirty={dirty} locked={locked} busy={act.isPending}>
          <Trans>Save the settings</Trans>
        </SaveButton>
      </div>
    </Form>
  );
}
