import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { useAct, useApi } from "@/api/queries";
import type { Role } from "@/api/types-records";
import { useMay } from "@/session/session";
import { Switch } from "@/ui/switch";
import { ActError, ErrorState, Skeleton } from "@/ui/states";

/** Which roles ask their holders for a second factor; each switch acts at once. */
export function RoleFactors({ off }: { off: boolean }) {
  const { t } = useLingui();
  const may = useMay();
  const roles = useApi("GET /roles", { query: { limit: 200 } }, { enabled: may("user:read") });
  const act = useAct("PATCH /roles/{id}");
  if (!may("user:read")) return null;
  if (roles.error) return <ErrorState error={roles.error} onRetry={() => void roles.refetch()} className="py-4" />;
  if (!roles.data) return <Skeleton className="h-40 w-full" />;
  const why = !may("role:manage")
    ? t`Your roles lack the permission ${"role:manage"}.`
    : off
      ? t`No role asks for one while it is asked for nowhere.`
      : undefined;
  const change = (role: Role, next: boolean) =>
    act.mutate({ path: { id: role.id }, body: { second_factor: next }, options: { version: role.version } });
  return (
    <div>
      <p className="mb-1 text-xs font-medium">
        <Trans>Roles whose holders need one</Trans>
      </p>
      <ul className="rounded-md border border-line">
        {roles.data.items.map((role) => (
          <li key={role.id} className="flex min-h-10 items-center gap-3 border-b border-line px-3 py-1 last:border-0">
            <span className="min-w-0 flex-1">
              <Link to="/roles/$id" params={{ id: role.id }} className="font-medium hover:text-accent hover:underline">
                {role.name}
              </Link>
              <span className="ms-2 text-xs text-muted">
                <Plural value={role.user_count} one="# user" other="# users" />
              </span>
            </span>
            <Switch
              label={t`Second factor for ${role.name}`}
              on={role.second_factor}
              onChange={(next) => change(role, next)}
              busy={act.isPending && act.variables.path.id === role.id}
              disabledReason={why}
            />
          </li>
        ))}
      </ul>
      <p className="mt-2 text-xs text-muted">
        <Trans>Whoever has none yet sets it up at the next click, before anything else opens.</Trans>
      </p>
      <ActError error={act.error} className="mt-2" />
    </div>
  );
}
