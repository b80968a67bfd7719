import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct } from "@/api/queries";
import type { User } from "@/api/types-records";
import { LANGUAGES } from "@/i18n";
import { useTime } from "@/session/time";
import { SelectField, TextField } from "@/ui/field";
import { Form } from "@/ui/form";
import { Card, Notice } from "@/ui/page";
import { SaveButton } from "@/ui/save-button";
import { ActError } from "@/ui/states";
import { BelongsField } from "./belongs-field";
import { GrantsField, grantsOf, incomplete, rowsOf, useBeyond } from "./grants-field";
import { RoleChoice } from "./role-choice";

/** A person's particulars, roles and exceptions, saved together. */
export function UserEditor({ user, locked }: { user: User; locked: string | undefined }) {
  const { t } = useLingui();
  const time = useTime();
  const beyond = useBeyond();
  const act = useAct("PATCH /users/{id}");
  const [name, setName] = useState(user.name);
  const [title, setTitle] = useState(user.title ?? "");
  const [language, setLanguage] = useState(user.language);
  const [roles, setRoles] = useState<ReadonlySet<string>>(new Set(user.roles.map((role) => role.id)));
  const [client, setClient] = useState(user.client_id);
  const [grants, setGrants] = useState(() => rowsOf(user.grants, time));
  const [tried, setTried] = useState(false);
  const server = (path: string) => (isProblem(act.error) ? act.error.field(path) : undefined);
  const plain = grantsOf(grants, time);
  const changes = {
    ...(name.trim() === user.name ? {} : { name: name.trim() }),
    ...(title.trim() === (user.title ?? "") ? {} : { title: title.trim() || null }),
    ...(language === user.language ? {} : { language }),
    ...(same(
      [...roles],
      user.roles.map((role) => role.id),
    )
      ? {}
      : { role_ids: [...roles] }),
    ...(client === user.client_id ? {} : { client_id: client }),
    ...(JSON.stringify(plain) === JSON.stringify(grantsOf(rowsOf(user.grants, time), time)) ? {} : { grants: plain }),
  };
  const dirty = Object.keys(changes).length > 0;
  const save = () => {
    setTried(true);
    if (incomplete(grants, time) || grants.some(beyond) || name.trim() === "") return;
    act.mutate({ path: { id: user.id }, body: changes, options: { version: user.version } });
  };
  return (
    <Form className="flex flex-col gap-4" onSubmit={save}>
      {locked && <Notice tone="amber">{locked}</Notice>}
      <Card id="person" title={t`Person`}>
        <fieldset className="grid gap-4 sm:grid-cols-2" disabled={Boolean(locked)}>
          <legend className="sr-only">{t`Person`}</legend>
          <TextField
            label={t`Full name`}
            required
            value={name}
            onChange={(event) => setName(event.target.value)}
            error={(tried && name.trim() === "" ? t`A name is needed.` : undefined) ?? server("name")}
          />
          <TextField
            label={t`Title`}
            value={title}
            onChange={(event) => setTitle(event.target.value)}
            error={server("title")}
          />
          <SelectField
            label={t`Language`}
            value={language}
            onChange={(value) => value !== "" && setLanguage(value)}
            options={LANGUAGES.map((each) => ({ value: each.id, label: each.name }))}
          />
        </fieldset>
      </Card>
      <Card id="roles" title={t`Roles`}>
        <fieldset className="flex flex-col gap-4" disabled={Boolean(locked)}>
          <legend className="sr-only">{t`Roles`}</legend>
          <RoleChoice value={roles} onChange={setRoles} error={server("role_ids")} />
          <BelongsField value={client} onChange={setClient} error={server("client_id")} />
        </fieldset>
      </Card>
      <Card id="grants" title={t`Exceptions`}>
        <p className="mb-3 text-muted">
          <Trans>
            Single permissions given or taken beside the roles, for good or until a day. Each needs a reason; an
            assessor will ask.
          </Trans>
        </p>
        <fieldset disabled={Boolean(locked)}>
          <legend className="sr-only">{t`Exceptions`}</legend>
          <GrantsField rows={grants} onChange={setGrants} tried={tried} error={act.error} />
        </fieldset>
      </Card>
      <ActError error={act.error} />
      <SaveButton dirty={dirty} locked={locked} busy={act.isPending}>
        <Trans>Save</Trans>
      </SaveButton>
    </Form>
  );
}

const same = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((each) => b.includes(each));
