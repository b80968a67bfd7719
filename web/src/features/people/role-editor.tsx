import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Link, useNavigate } from "@tanstack/react-router";
import { Lock } from "lucide-react";
import { useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct, useApi } from "@/api/queries";
import type { Role } from "@/api/types-records";
import { useMay } from "@/session/session";
import { Button } from "@/ui/button";
import { CheckField, TextAreaField, TextField } from "@/ui/field";
import { Form } from "@/ui/form";
import { Card, Notice } from "@/ui/page";
import { ActError, ErrorState, Skeleton } from "@/ui/states";
import { useAreas } from "./areas";
import { DeleteRole } from "./delete-role";
import { LeftOut } from "./left-out";

/** A role's name, purpose and permissions; a new one may begin as a copy. */
export function RoleEditor({ edited: role, copyOf }: { edited: Role | null; copyOf?: Role }) {
  const { t } = useLingui();
  const may = useMay();
  const navigate = useNavigate();
  const create = useAct("POST /roles");
  const patch = useAct("PATCH /roles/{id}");
  const permissions = useApi("GET /permissions", {});
  const areas = useAreas(permissions.data?.items ?? []);
  const start = role ?? copyOf;
  const [name, setName] = useState(role?.name ?? "");
  const [description, setDescription] = useState(start?.description ?? "");
  // Nobody can grant what they do not hold; a copy begins with the rest, and says so.
  const beyondMe = role ? [] : (copyOf?.permissions ?? []).filter((each) => !may(each));
  const [held, setHeld] = useState<ReadonlySet<string>>(
    new Set(start?.permissions.filter((each) => !beyondMe.includes(each))),
  );
  const [factor, setFactor] = useState(start?.second_factor ?? false);
  const [tried, setTried] = useState(false);
  const error = create.error ?? patch.error;
  const server = (path: string) => (isProblem(error) ? error.field(path) : undefined);
  const locked = !may("role:manage")
    ? t`Your roles lack the permission ${"role:manage"}.`
    : role && !role.editable
      ? t`This role is fixed.`
      : undefined;
  const dirty =
    !role ||
    name.trim() !== role.name ||
    description.trim() !== role.description ||
    factor !== role.second_factor ||
    held.size !== role.permissions.length ||
    role.permissions.some((each) => !held.has(each));
  const set = (ids: readonly string[], on: boolean) =>
    setHeld((now) => (on ? new Set([...now, ...ids]) : new Set([...now].filter((each) => !ids.includes(each)))));
  const submit = () => {
    setTried(true);
    if (name.trim() === "" || held.size === 0) return;
    const body = { name: name.trim(), description: description.trim(), permissions: [...held], second_factor: factor };
    if (role) patch.mutate({ path: { id: role.id }, body, options: { version: role.version } });
    else create.mutate({ body }, { onSuccess: (made) => void navigate({ to: "/roles/$id", params: { id: made.id } }) });
  };
  return (
    <Form className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_22rem]" onSubmit={submit}>
      <div className="flex min-w-0 flex-col gap-4">
        {locked && <Notice tone="amber">{locked}</Notice>}
        {copyOf && beyondMe.length > 0 && <LeftOut copyOf={copyOf} permissions={beyondMe} />}
        {permissions.data === undefined &&
          (permissions.error ? (
            <Card>
              <ErrorState error={permissions.error} onRetry={() => void permissions.refetch()} />
            </Card>
          ) : (
            <div aria-busy className="grid gap-4 lg:grid-cols-2">
              {[0, 1, 2, 3].map((each) => (
                <Skeleton key={each} className="h-64 w-full" />
              ))}
            </div>
          ))}
        <div className="gap-4 lg:columns-2 [&>*]:mb-4 [&>*]:break-inside-avoid">
          {areas.map((area) => {
            const ids = area.permissions
              .map((each) => each.id)
              .filter((each) => may(each) || role?.permissions.includes(each));
            const all = ids.length > 0 && ids.every((each) => held.has(each));
            return (
              <fieldset key={area.id} className="rounded-lg border border-line bg-surface" disabled={Boolean(locked)}>
                <legend className="sr-only">{area.name}</legend>
                <div className="flex min-h-10 items-center gap-2 border-b border-line px-4">
                  <span aria-hidden className="flex-1 font-semibold">
                    {area.name}
                  </span>
                  {ids.length > 1 && !locked && (
                    <Button tone="ghost" onClick={() => set(ids, !all)}>
                      {all ? <Trans>None</Trans> : <Trans>All</Trans>}
                    </Button>
                  )}
                </div>
                <div className="flex flex-col p-1.5">
                  {area.permissions.map((each) => {
                    // Nobody can grant what they do not hold; what the role has already may be taken away.
                    const beyond = !may(each.id) && !held.has(each.id) && !role?.permissions.includes(each.id);
                    return (
                      <label
                        key={each.id}
                        title={beyond ? t`You can only give what you hold yourself.` : undefined}
                        className={`flex min-h-8 items-start gap-3 rounded-md px-2.5 py-1.5 ${beyond ? "text-muted" : "hover:bg-hover"}`}
                      >
                        <input
                          type="checkbox"
                          className="mt-0.5 size-4 accent-accent"
                          disabled={beyond}
                          checked={held.has(each.id)}
                          onChange={(event) => set([each.id], event.target.checked)}
                        />
                        <span className="min-w-0 flex-1">
                          {each.description} <code className="mono block text-2xs text-muted">{each.id}</code>
                        </span>
                        {beyond && (
                          <Lock
                            role="img"
                            aria-label={t`You can only give what you hold yourself.`}
                            className="mt-0.5 size-3.5 shrink-0"
                          />
                        )}
                      </label>
                    );
                  })}
                </div>
              </fieldset>
            );
          })}
        </div>
      </div>
      <Card id="role" title={t`Role`} className="xl:sticky xl:top-4">
        <div className="flex flex-col gap-4">
          <TextField
            label={t`Name`}
            required
            readOnly={Boolean(locked)}
            value={name}
            onChange={(event) => setName(event.target.value)}
            error={(tried && name.trim() === "" ? t`A name is needed.` : undefined) ?? server("name")}
          />
          <TextAreaField
            label={t`What it is for`}
            rows={3}
            readOnly={Boolean(locked)}
            value={description}
            onChange={(event) => setDescription(event.target.value)}
            error={server("description")}
          />
          <fieldset disabled={Boolean(locked)}>
            <legend className="sr-only">{t`Second factor`}</legend>
            <CheckField
              label={<Trans>Its holders sign in with a second factor</Trans>}
              hint={<Trans>Right for whoever signs reports or manages people.</Trans>}
              checked={factor}
              onChange={setFactor}
            />
          </fieldset>
          <p className="text-muted">
            <Plural value={held.size} one="# permission" other="# permissions" />
            {role && (
              <>
                {" · "}
                <Link to="/users" search={{ role_id: role.id }} className="text-accent underline">
                  <Plural value={role.user_count} one="# user" other="# users" />
                </Link>
              </>
            )}
          </p>
          {tried && held.size === 0 && <p className="text-xs text-red">{t`Choose at least one permission.`}</p>}
          <ActError error={error} />
          <Button
            type="submit"
            tone="primary"
            busy={create.isPending || patch.isPending}
            disabledReason={locked ?? (dirty ? undefined : t`Nothing is changed.`)}
          >
            {role ? <Trans>Save the role</Trans> : <Trans>Create the role</Trans>}
          </Button>
          {role && <DeleteRole deleted={role} locked={locked} />}
        </div>
      </Card>
    </Form>
  );
}
