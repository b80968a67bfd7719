import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useApi } from "@/api/queries";
import type { ServiceAccount, ServiceGrant } from "@/api/types-access";
import { BelongsField } from "@/features/people/belongs-field";
import { type GrantRow, GrantsField, grantsOf, incomplete, rowsOf, useBeyond } from "@/features/people/grants-field";
import { RoleChoice } from "@/features/people/role-choice";
import { useDebounced } from "@/shell/debounced";
import { useMe } from "@/session/session";
import { useTime } from "@/session/time";
import { type Choice, Combobox } from "@/ui/combobox";
import { cx } from "@/ui/cx";
import { Field, TextAreaField, TextField } from "@/ui/field";
import { Form } from "@/ui/form";
import { Card } from "@/ui/page";
import { SaveButton } from "@/ui/save-button";
import { ActError } from "@/ui/states";

export interface ServiceAccountForm {
  name: string;
  description: string;
  owner_id: string;
  role_ids: string[];
  client_id: string | null;
  addresses: string[];
  grants: ServiceGrant[];
}

const oneAddress = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:]*)(?:\/\d{1,3})?$/i;
const linesOf = (text: string) =>
  text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter(Boolean);

/** What a program is, who answers for it, what it may do and from where. */
export function ServiceAccountEditor({
  account,
  locked,
  busy,
  error,
  server,
  onSave,
}: {
  account: ServiceAccount | null;
  locked: string | undefined;
  busy: boolean;
  error: unknown;
  /** The server's message for a field. */
  server: (path: string) => string | undefined;
  onSave: (form: ServiceAccountForm) => void;
}) {
  const { t } = useLingui();
  const me = useMe();
  const [name, setName] = useState(account?.name ?? "");
  const [description, setDescription] = useState(account?.description ?? "");
  const [owner, setOwner] = useState<Choice | null>(
    account ? { id: account.owner.id, label: account.owner.name } : { id: me.id, label: me.name },
  );
  const [roles, setRoles] = useState<ReadonlySet<string>>(new Set(account?.roles.map((role) => role.id)));
  const [client, setClient] = useState<string | null>(account?.client_id ?? null);
  const [addresses, setAddresses] = useState(account?.addresses.join("\n") ?? "");
  const time = useTime();
  const beyond = useBeyond();
  const [grants, setGrants] = useState(() => rowsOf(account?.grants ?? [], time));
  const [tried, setTried] = useState(false);
  const lines = linesOf(addresses);
  const strange = lines.find((line) => !oneAddress.test(line));
  const form: ServiceAccountForm = {
    name: name.trim(),
    description: description.trim(),
    owner_id: owner?.id ?? "",
    role_ids: [...roles],
    client_id: client,
    addresses: lines,
    grants: given(grants, time),
  };
  const dirty = !account || JSON.stringify(plain(form)) !== JSON.stringify(plain(formOf(account, time)));
  const submit = () => {
    setTried(true);
    if (incomplete(grants, time) || grants.some(beyond)) return;
    if (form.name !== "" && owner && roles.size > 0 && !strange) onSave(form);
  };
  return (
    <Form className="flex flex-col gap-4" onSubmit={submit}>
      <div className={cx("grid items-start gap-4", account ? "min-[110rem]:grid-cols-2" : "xl:grid-cols-2")}>
        <Card id="program" title={t`Program`}>
          <fieldset className="flex flex-col gap-4" disabled={Boolean(locked)}>
            <legend className="sr-only">{t`Program`}</legend>
            <TextField
              label={t`Name`}
              hint={t`As the audit trail will call it`}
              required
              maxLength={120}
              value={name}
              onChange={(event) => setName(event.target.value)}
              error={(tried && form.name === "" ? t`A name is needed.` : undefined) ?? server("name")}
            />
            <TextAreaField
              label={t`What it is for`}
              rows={2}
              value={description}
              onChange={(event) => setDescription(event.target.value)}
              error={server("description")}
            />
            <OwnerField
              value={owner}
              onChange={setOwner}
              error={(tried && !owner ? t`Somebody has to answer for it.` : undefined) ?? server("owner_id")}
            />
            <TextAreaField
              label={t`Only from these addresses`}
              hint={t`One a line, such as 10.0.0.0/8. Empty: from anywhere.`}
              rows={2}
              spellCheck={false}
              value={addresses}
              onChange={(event) => setAddresses(event.target.value)}
              error={(tried && strange ? t`${strange} is no address and no range.` : undefined) ?? server("addresses")}
            />
            <BelongsField
              value={client}
              onChange={setClient}
              error={server("client_id")}
              hint={t`For a client's own program: it sees this client's orders, samples and released reports, and nothing else. Empty: it works for the laboratory.`}
            />
          </fieldset>
        </Card>
        <Card id="roles" title={t`What it may do`}>
          <fieldset disabled={Boolean(locked)}>
            <legend className="sr-only">{t`What it may do`}</legend>
            <RoleChoice
              value={roles}
              onChange={setRoles}
              error={(tried && roles.size === 0 ? t`Choose at least one role.` : undefined) ?? server("role_ids")}
            />
          </fieldset>
        </Card>
      </div>
      <Card id="grants" title={t`Exceptions`}>
        <p className="mb-3 text-muted">
          <Trans>
            Single permissions given or taken beside the roles, for good or until a day. Each needs a reason; an
            assessor will ask.
          </Trans>
        </p>
        <fieldset disabled={Boolean(locked)}>
          <legend className="sr-only">{t`Exceptions`}</legend>
          <GrantsField rows={grants} onChange={setGrants} tried={tried} error={error} />
        </fieldset>
      </Card>
      <ActError error={error} />
      <SaveButton dirty={dirty} locked={locked} busy={busy}>
        {account ? <Trans>Save</Trans> : <Trans>Create the account</Trans>}
      </SaveButton>
    </Form>
  );
}

export const formOf = (account: ServiceAccount, time: ReturnType<typeof useTime>): ServiceAccountForm => ({
  name: account.name,
  description: account.description,
  owner_id: account.owner.id,
  role_ids: account.roles.map((role) => role.id),
  client_id: account.client_id,
  addresses: account.addresses,
  grants: given(rowsOf(account.grants, time), time),
});
/** Permissions are chosen from the server's own list. */
const given = (rows: readonly GrantRow[], time: ReturnType<typeof useTime>) => grantsOf(rows, time) as ServiceGrant[];
const plain = (form: ServiceAccountForm) => ({ ...form, role_ids: form.role_ids.toSorted() });

function OwnerField({
  value,
  onChange,
  error,
}: {
  value: Choice | null;
  onChange: (choice: Choice | null) => void;
  error?: string;
}) {
  const { t } = useLingui();
  const [text, setText] = useState("");
  const users = useApi("GET /users", { query: { q: useDebounced(text, 200), active: true, limit: 20 } });
  const choices = (users.data?.items ?? []).map((user) => ({ id: user.id, label: user.name, note: user.email }));
  return (
    <Field
      label={t`Answers for it`}
      hint={t`The person who is asked when something is wrong with it`}
      required
      error={error}
    >
      {(control) => (
        <Combobox
          control={control}
          choices={choices}
          onSearch={setText}
          busy={users.isFetching}
          value={value}
          onChange={onChange}
        />
      )}
    </Field>
  );
}
