import { Trans, useLingui } from "@lingui/react/macro";
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct, useApi } from "@/api/queries";
import type { Grant, User } from "@/api/types-records";
import { LANGUAGES } from "@/i18n";
import { useMay } from "@/session/session";
import { Button, IconButton } from "@/ui/button";
import { Combobox } from "@/ui/combobox";
import { ChoiceField, Field, SelectField, TextField } from "@/ui/field";
import { Card } from "@/ui/page";
import { ActError } from "@/ui/states";
import { BelongsField } from "./belongs-field";
import { RoleChoice } from "./role-choice";

interface Row extends Grant {
  key: number;
}

/** A person's particulars, roles and exceptions, saved together. */
export function UserEditor({ user, locked }: { user: User; locked: string | undefined }) {
  const { t } = useLingui();
  const may = useMay();
  const act = useAct("PATCH /users/{id}");
  const permissions = useApi("GET /permissions", {});
  const [name, setName] = useState(user.name);
  const [title, setTitle] = useState(user.title ?? "");
  const [language, setLanguage] = useState(user.language);
  const [roles, setRoles] = useState<ReadonlySet<string>>(new Set(user.roles.map((role) => role.id)));
  const [client, setClient] = useState(user.client_id);
  const [grants, setGrants] = useState<Row[]>(user.grants.map((grant, key) => ({ ...grant, key })));
  const [next, setNext] = useState(1000);
  const [tried, setTried] = useState(false);
  const choices = (permissions.data?.items ?? []).map((each) => ({
    id: each.id,
    label: each.description,
    note: each.id,
  }));
  const server = (path: string) => (isProblem(act.error) ? act.error.field(path) : undefined);
  const change = (key: number, part: Partial<Grant>) =>
    setGrants((now) => now.map((each) => (each.key === key ? { ...each, ...part } : each)));
  const beyond = (grant: Grant) =>
    grant.effect === "allow" &&
    grant.permission !== "" &&
    !may(grant.permission) &&
    !user.grants.some((each) => each.permission === grant.permission && each.effect === "allow");
  const incomplete =
    grants.some((each) => beyond(each)) || grants.some((each) => each.permission === "" || each.reason.trim() === "");
  const plain = grants.map(({ permission, effect, reason }) => ({ permission, effect, reason: reason.trim() }));
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
    ...(JSON.stringify(plain) ===
    JSON.stringify(user.grants.map(({ permission, effect, reason }) => ({ permission, effect, reason })))
      ? {}
      : { grants: plain }),
  };
  const dirty = Object.keys(changes).length > 0;
  const save = () => {
    setTried(true);
    if (incomplete || name.trim() === "") return;
    act.mutate({ path: { id: user.id }, body: changes, options: { version: user.version } });
  };
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Card id="person" title={t`Person`}>
        <div className="grid gap-4 sm:grid-cols-2">
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
        </div>
      </Card>
      <Card id="roles" title={t`Roles`}>
        <div className="flex flex-col gap-4">
          <RoleChoice value={roles} onChange={setRoles} error={server("role_ids")} />
          <BelongsField value={client} onChange={setClient} error={server("client_id")} />
        </div>
      </Card>
      <Card id="grants" title={t`Exceptions`}>
        <p className="mb-3 text-muted">
          <Trans>Single permissions given or taken beside the roles. Each needs a reason; an assessor will ask.</Trans>
        </p>
        <ul className="flex flex-col gap-3">
          {grants.map((grant, index) => (
            <li
              key={grant.key}
              className="grid items-end gap-2 rounded-md border border-line p-3 sm:grid-cols-[1fr_auto_auto]"
            >
              <Field
                label={t`Permission`}
                error={
                  (beyond(grant)
                    ? t`You can only give what you hold yourself.`
                    : tried && grant.permission === ""
                      ? t`Choose a permission.`
                      : undefined) ?? server(`grants.${index}.permission`)
                }
              >
                {(control) => (
                  <Combobox
                    control={control}
                    choices={choices}
                    value={choices.find((each) => each.id === grant.permission) ?? null}
                    onChange={(choice) => change(grant.key, { permission: choice?.id ?? "" })}
                  />
                )}
              </Field>
              <ChoiceField
                label={t`Effect`}
                value={grant.effect}
                onChange={(effect) => change(grant.key, { effect })}
                options={[
                  { value: "allow", label: t`Given` },
                  { value: "deny", label: t`Taken` },
                ]}
              />
              <IconButton
                label={t`Remove the exception`}
                icon={<Trash2 />}
                onClick={() => setGrants((now) => now.filter((each) => each.key !== grant.key))}
              />
              <TextField
                className="sm:col-span-3"
                label={t`Reason`}
                required
                value={grant.reason}
                onChange={(event) => change(grant.key, { reason: event.target.value })}
                error={
                  (tried && grant.reason.trim() === "" ? t`Say why.` : undefined) ?? server(`grants.${index}.reason`)
                }
              />
            </li>
          ))}
        </ul>
        <Button
          icon={<Plus />}
          className={grants.length > 0 ? "mt-3" : ""}
          onClick={() => {
            setGrants((now) => [...now, { key: next, permission: "", effect: "allow", reason: "" }]);
            setNext(next + 1);
          }}
        >
          <Trans>Add an exception</Trans>
        </Button>
      </Card>
      <ActError error={act.error} />
      <Button
        type="submit"
        tone="primary"
        className="self-start"
        busy={act.isPending}
        disabledReason={locked ?? (dirty ? undefined : t`Nothing is changed.`)}
      >
        <Trans>Save</Trans>
      </Button>
    </form>
  );
}

const same = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((each) => b.includes(each));
