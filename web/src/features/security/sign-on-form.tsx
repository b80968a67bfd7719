import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct } from "@/api/queries";
import type { SignOn } from "@/api/types-access";
import type { Role } from "@/api/types-records";
import { useMe } from "@/session/session";
import { ActDialog } from "@/ui/act-dialog";
import { Button } from "@/ui/button";
import { CheckField, TextAreaField, TextField } from "@/ui/field";
import { Form } from "@/ui/form";
import { Card, Notice } from "@/ui/page";
import { SecretField } from "@/ui/secret-field";
import { ActError } from "@/ui/states";
import { Carried, type MapLine, RoleMap, RoleTicks } from "./role-map";

const wordsOf = (text: string) => text.split(/[\s,]+/).filter(Boolean);

/** Which identity provider the laboratory trusts, who comes in by its word, and with which roles. */
export function SignOnForm({ signOn, roles }: { signOn: SignOn; roles: readonly Role[] }) {
  const { t } = useLingui();
  const me = useMe();
  const act = useAct("PUT /laboratory/sign-on");
  const [texts, setTexts] = useState({
    name: signOn.name,
    issuer: signOn.issuer,
    client_id: signOn.client_id,
    scopes: signOn.scopes.join(" "),
    role_claim: signOn.role_claim,
    email_domains: signOn.email_domains.join("\n"),
  });
  const [secret, setSecret] = useState("");
  const [rules, setRules] = useState({
    create_accounts: signOn.create_accounts,
    enforced: signOn.enforced,
    trust_email: signOn.trust_email,
  });
  const [lines, setLines] = useState<MapLine[]>(
    signOn.role_map.map((each) => ({ key: each.value, value: each.value, roles: each.role_ids })),
  );
  const [given, setGiven] = useState<string[]>(signOn.default_role_ids);
  const [removing, setRemoving] = useState(false);
  const server = (path: string) => (isProblem(act.error) ? act.error.field(path) : undefined);
  /** Of a list: what is wrong with one of its items is told at the whole. */
  const within = (path: string) =>
    isProblem(act.error) ? act.error.fields.find((each) => each.path.startsWith(path))?.message : undefined;
  const text = (key: keyof typeof texts) => ({
    value: texts[key],
    onChange: (event: { target: { value: string } }) => setTexts((now) => ({ ...now, [key]: event.target.value })),
  });
  const rule = (key: keyof typeof rules) => ({
    checked: rules[key],
    onChange: (on: boolean) => setRules((now) => ({ ...now, [key]: on })),
  });
  const save = () =>
    act.mutate({
      body: {
        name: texts.name.trim(),
        issuer: texts.issuer.trim(),
        client_id: texts.client_id.trim(),
        ...(secret === "" ? {} : { client_secret: secret }),
        scopes: wordsOf(texts.scopes),
        role_claim: texts.role_claim.trim(),
        role_map: lines.map((line) => ({ value: line.value.trim(), role_ids: [...line.roles] })),
        default_role_ids: given,
        email_domains: wordsOf(texts.email_domains),
        ...rules,
      },
      options: { version: signOn.version },
    });
  const missing = texts.name.trim() === "" || texts.issuer.trim() === "" || texts.client_id.trim() === "";
  return (
    <Form
      onSubmit={() => {
        if (!missing) save();
      }}
    >
      {signOn.enforced && (
        <Notice tone="amber" className="mb-4">
          <Trans>
            Passwords open nothing in this laboratory, except for people who hold settings:manage: they can come in when
            the provider is away.
          </Trans>
        </Notice>
      )}
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-4">
          <Card id="provider" title={t`Identity provider`}>
            <div className="flex flex-col gap-4">
              <Carried
                label={t`Redirect URI`}
                hint={t`Register it at the provider, exactly so.`}
                value={signOn.redirect_uri}
              />
              <TextField
                label={t`Issuer`}
                hint={t`The provider's address, such as https://login.example. It is asked when you save.`}
                required
                mono
                inputMode="url"
                spellCheck={false}
                {...text("issuer")}
                error={server("issuer")}
              />
              <TextField
                label={t`Client ID`}
                hint={t`What the provider calls this installation.`}
                required
                mono
                spellCheck={false}
                {...text("client_id")}
                error={server("client_id")}
              />
              <SecretField
                label={t`Client secret`}
                hint={
                  signOn.has_secret
                    ? t`One is kept, sealed. Type another to replace it.`
                    : t`As the provider gave it. It is kept sealed and never shown again.`
                }
                autoComplete="off"
                value={secret}
                onChange={(event) => setSecret(event.target.value)}
                error={server("client_secret")}
              />
              <TextField
                label={t`Name on the button`}
                hint={t`“Sign in with …”`}
                required
                {...text("name")}
                error={server("name")}
              />
            </div>
          </Card>
          <Card id="people" title={t`Who comes in`}>
            <div className="flex flex-col gap-4">
              <CheckField
                label={<Trans>Make an account for who has none yet</Trans>}
                hint={<Trans>Only if there is a role for them. Otherwise an administrator adds people first.</Trans>}
                {...rule("create_accounts")}
              />
              <CheckField
                label={<Trans>The provider checks e-mail addresses although it does not say so</Trans>}
                hint={
                  <Trans>
                    Accounts here are found by address the first time. Only for a provider in which nobody can claim the
                    address of somebody else.
                  </Trans>
                }
                {...rule("trust_email")}
              />
              <TextAreaField
                label={t`Only with addresses of these domains`}
                hint={t`One a line, such as waterworks.example. Empty: all.`}
                rows={2}
                spellCheck={false}
                {...text("email_domains")}
                error={within("email_domains")}
              />
              <CheckField
                label={<Trans>Passwords open nothing any more</Trans>}
                hint={
                  <Trans>
                    Everybody signs in at the provider, except people who hold settings:manage. Sessions that are open
                    stay.
                  </Trans>
                }
                {...rule("enforced")}
              />
              {signOn.configured && (
                <Carried
                  label={t`The sign-in page for your people`}
                  hint={t`A browser that was there once remembers the laboratory.`}
                  value={`${window.location.origin}/sign-in?laboratory=${me.laboratory.slug}`}
                />
              )}
            </div>
          </Card>
        </div>
        <Card id="roles" title={t`Roles by group`}>
          <div className="flex flex-col gap-4">
            <p className="text-muted">
              <Trans>
                Roles named here follow the provider at every sign-in: who leaves the group loses them. Roles that no
                line names stay as they were given by hand. You gain no role by a map that you saved yourself.
              </Trans>
            </p>
            <div className="grid gap-4 sm:grid-cols-2">
              <TextField
                label={t`Claim that lists groups`}
                hint={t`Such as groups, or realm_access.roles`}
                mono
                spellCheck={false}
                {...text("role_claim")}
                error={server("role_claim")}
              />
              <TextField
                label={t`Scopes asked for`}
                hint={t`Beside openid`}
                mono
                spellCheck={false}
                {...text("scopes")}
                error={within("scopes")}
              />
            </div>
            <RoleMap
              lines={lines}
              roles={roles}
              onChange={setLines}
              problem={(index, part) => within(`role_map.${index}.${part}`)}
            />
            <RoleTicks
              label={t`Roles of every new account`}
              roles={roles}
              value={given}
              onChange={setGiven}
              error={within("default_role_ids")}
            />
          </div>
        </Card>
      </div>
      <div className="mt-4 flex flex-wrap items-center gap-3">
        <Button
          type="submit"
          tone="primary"
          busy={act.isPending}
          disabledReason={missing ? t`Name, issuer and client ID are needed.` : undefined}
        >
          {signOn.configured ? <Trans>Save</Trans> : <Trans>Set up single sign-on</Trans>}
        </Button>
        {signOn.configured && (
          <Button tone="ghost" onClick={() => setRemoving(true)}>
            <Trans>Remove single sign-on</Trans>
          </Button>
        )}
        {act.isSuccess && (
          <p role="status" className="text-green">
            <Trans>Saved. The provider answered as it should.</Trans>
          </p>
        )}
      </div>
      <ActError error={act.error} className="mt-3" />
      {removing && <RemoveDialog signOn={signOn} onClose={() => setRemoving(false)} />}
    </Form>
  );
}

function RemoveDialog({ signOn, onClose }: { signOn: SignOn; onClose: () => void }) {
  const { t } = useLingui();
  const act = useAct("DELETE /laboratory/sign-on");
  return (
    <ActDialog
      title={t`Remove single sign-on`}
      onClose={onClose}
      onSubmit={() => act.mutate({ options: { version: signOn.version } }, { onSuccess: onClose })}
      busy={act.isPending}
      label={t`Remove`}
    >
      <p>
        <Trans>
          Nobody signs in with {signOn.name} any more. Accounts stay as they are; who has no password asks for one on
          the sign-in page.
        </Trans>
      </p>
      <ActError error={act.error} />
    </ActDialog>
  );
}
