import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { KeyRound, Mail, UserPlus } from "lucide-react";
import { useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct } from "@/api/queries";
import type { Language } from "@/api/types";
import { LANGUAGES } from "@/i18n";
import { useMe } from "@/session/session";
import { Button } from "@/ui/button";
import { ChoiceField, SelectField, TextField } from "@/ui/field";
import { Form } from "@/ui/form";
import { Card } from "@/ui/page";
import { ActError } from "@/ui/states";
import { BelongsField } from "./belongs-field";
import { FirstPassword } from "./password";
import { RoleChoice } from "./role-choice";

/** A new person: who they are, what they may do, and how they sign in the first time. */
export function NewUser() {
  const { t } = useLingui();
  const me = useMe();
  const navigate = useNavigate();
  const act = useAct("POST /users");
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [title, setTitle] = useState("");
  const [language, setLanguage] = useState<Language>(me.laboratory.language ?? me.language);
  const [roles, setRoles] = useState<ReadonlySet<string>>(new Set());
  const [client, setClient] = useState<string | null>(null);
  const [way, setWay] = useState<"invite" | "password">("invite");
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const server = (path: string) => (isProblem(act.error) ? act.error.field(path) : undefined);
  const missing = {
    name: name.trim() === "",
    email: !/^\S+@\S+$/.test(email.trim()),
    password: way === "password" && password === "",
    roles: roles.size === 0,
  };
  const submit = () => {
    setTried(true);
    if (Object.values(missing).some(Boolean)) return;
    act.mutate(
      {
        body: {
          name: name.trim(),
          email: email.trim(),
          language,
          role_ids: [...roles],
          ...(way === "password" ? { password } : {}),
          ...(title.trim() ? { title: title.trim() } : {}),
          ...(client === null ? {} : { client_id: client }),
        },
      },
      { onSuccess: (user) => void navigate({ to: "/users/$id", params: { id: user.id } }) },
    );
  };
  return (
    <Form className="grid items-start gap-4 xl:grid-cols-2" onSubmit={submit}>
      <div className="flex flex-col gap-4">
        <Card id="person" title={t`Person`}>
          <div className="flex flex-col gap-4">
            <TextField
              label={t`Full name`}
              hint={t`As it is printed beside a signature`}
              required
              value={name}
              onChange={(event) => setName(event.target.value)}
              error={(tried && missing.name ? t`A name is needed.` : undefined) ?? server("name")}
            />
            <TextField
              label={t`Title`}
              value={title}
              onChange={(event) => setTitle(event.target.value)}
              error={server("title")}
            />
            <TextField
              label={t`E-mail`}
              type="email"
              autoComplete="off"
              required
              value={email}
              onChange={(event) => setEmail(event.target.value)}
              error={(tried && missing.email ? t`An e-mail address is needed.` : undefined) ?? server("email")}
            />
            <SelectField
              label={t`Language`}
              value={language}
              onChange={(next) => next !== "" && setLanguage(next)}
              options={LANGUAGES.map((each) => ({ value: each.id, label: each.name }))}
            />
          </div>
        </Card>
        <Card id="entry" title={t`First sign-in`}>
          <div className="flex flex-col gap-3">
            <ChoiceField
              label={t`How`}
              hideLabel
              value={way}
              onChange={setWay}
              options={[
                { value: "invite", label: t`Invitation by mail`, icon: <Mail aria-hidden /> },
                { value: "password", label: t`A password that you hand over`, icon: <KeyRound aria-hidden /> },
              ]}
            />
            {way === "invite" ? (
              <p className="text-muted">
                <Trans>A link goes to the address; with it the person chooses a password that nobody else knows.</Trans>
              </p>
            ) : (
              <FirstPassword
                value={password}
                onChange={setPassword}
                error={(tried && missing.password ? t`A password is needed.` : undefined) ?? server("password")}
              />
            )}
          </div>
        </Card>
      </div>
      <Card id="roles" title={t`Roles`}>
        <div className="flex flex-col gap-4">
          <RoleChoice
            value={roles}
            onChange={setRoles}
            error={(tried && missing.roles ? t`Choose at least one role.` : undefined) ?? server("role_ids")}
          />
          <BelongsField value={client} onChange={setClient} error={server("client_id")} />
        </div>
      </Card>
      <div className="flex flex-col items-start gap-4 xl:col-span-2">
        <ActError error={act.error} />
        <Button type="submit" tone="primary" icon={<UserPlus />} busy={act.isPending}>
          {way === "invite" ? <Trans>Add and invite</Trans> : <Trans>Add the user</Trans>}
        </Button>
      </div>
    </Form>
  );
}
