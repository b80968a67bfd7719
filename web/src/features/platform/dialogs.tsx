import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct } from "@/api/queries";
import type { LaboratoryKind, Language } from "@/api/types";
import type { PlatformLaboratory } from "@/api/types-platform";
import { LANGUAGES } from "@/i18n";
import { ActDialog } from "@/ui/act-dialog";
import { SelectField, TextField } from "@/ui/field";
import { Notice } from "@/ui/page";
import { ReasonDialog } from "@/ui/reason-dialog";
import { ActError } from "@/ui/states";

/** A new laboratory and its first administrator, who alone gets the link. */
export function OpenDialog({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const act = useAct("POST /platform/laboratories");
  const [form, setForm] = useState({ name: "", slug: "", timezone: "Europe/Warsaw", email: "", person: "" });
  const [kind, setKind] = useState<LaboratoryKind>("testing");
  const [language, setLanguage] = useState<Language>("en");
  const [tried, setTried] = useState(false);
  const server = (path: string) => (isProblem(act.error) ? act.error.field(path) : undefined);
  const needed = t`This is needed.`;
  const field = (key: keyof typeof form, path: string) => ({
    value: form[key],
    required: true,
    onChange: (event: { target: { value: string } }) => setForm((now) => ({ ...now, [key]: event.target.value })),
    error: (tried && form[key].trim() === "" ? needed : undefined) ?? server(path),
  });
  const submit = () => {
    setTried(true);
    if (Object.values(form).some((text) => text.trim() === "")) return;
    const { name, slug, timezone, email, person } = form;
    act.mutate(
      {
        body: {
          laboratory: { name: name.trim(), slug: slug.trim(), kind, timezone: timezone.trim(), language },
          administrator: { email: email.trim(), name: person.trim() },
        },
      },
      { onSuccess: onClose },
    );
  };
  return (
    <ActDialog
      wide
      title={t`Open a laboratory`}
      label={t`Open and invite`}
      busy={act.isPending}
      onClose={onClose}
      onSubmit={submit}
    >
      <TextField label={t`Name`} {...field("name", "laboratory.name")} />
      <TextField
        label={t`Short name`}
        hint={t`Lower-case letters, digits, hyphens. It never changes.`}
        mono
        {...field("slug", "laboratory.slug")}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField
          label={t`Kind`}
          value={kind}
          onChange={(next) => next !== "" && setKind(next)}
          options={[
            { value: "testing", label: t`Testing laboratory` },
            { value: "medical", label: t`Medical laboratory` },
          ]}
        />
        <SelectField
          label={t`Language`}
          value={language}
          onChange={(next) => next !== "" && setLanguage(next)}
          options={LANGUAGES.map((each) => ({ value: each.id, label: each.name }))}
        />
      </div>
      <TextField label={t`Time zone`} mono {...field("timezone", "laboratory.timezone")} />
      <TextField label={t`Administrator's name`} {...field("person", "administrator.name")} />
      <TextField
        label={t`Administrator's e-mail`}
        type="email"
        autoComplete="off"
        {...field("email", "administrator.email")}
      />
      <Notice tone="accent">
        <Trans>The link to choose a password goes to the administrator by mail, and to nobody else.</Trans>
      </Notice>
      <ActError error={act.error} />
    </ActDialog>
  );
}

/** A laboratory is suspended or resumed, with a reason. */
export function SwitchDialog({ laboratory, onClose }: { laboratory: PlatformLaboratory; onClose: () => void }) {
  const { t } = useLingui();
  const suspend = useAct("POST /platform/laboratories/{id}/suspend");
  const resume = useAct("POST /platform/laboratories/{id}/resume");
  const open = laboratory.status === "open";
  const act = open ? suspend : resume;
  return (
    <ReasonDialog
      danger={open}
      title={open ? t`Suspend ${laboratory.name}` : t`Resume ${laboratory.name}`}
      description={
        open
          ? t`From the next request on it answers nobody, and its people read your reason. Report checks go on; nothing is lost.`
          : t`Everything is as it was before.`
      }
      label={open ? t`Suspend` : t`Resume`}
      busy={act.isPending}
      error={act.error}
      onClose={onClose}
      onSubmit={(reason) =>
        act.mutate(
          { path: { id: laboratory.id }, body: { reason }, options: { version: laboratory.version } },
          { onSuccess: onClose },
        )
      }
    />
  );
}
