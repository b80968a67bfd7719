import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Check, Lock, ShieldCheck } from "lucide-react";
import { Fragment } from "react";
import { useApi } from "@/api/queries";
import { IconPill } from "@/ui/pill";
import { ScrollRegion } from "@/ui/scroll-region";
import { ErrorState, Skeleton } from "@/ui/states";
import { useAreas } from "./areas";

/** Who may do what, on one sheet: permissions down, roles across. */
export function RoleMatrix() {
  const { t } = useLingui();
  const roles = useApi("GET /roles", { query: { limit: 200 } });
  const permissions = useApi("GET /permissions", {});
  const areas = useAreas(permissions.data?.items ?? []);
  const failed = roles.error ?? permissions.error;
  if (failed)
    return (
      <ErrorState
        error={failed}
        onRetry={() => {
          void roles.refetch();
          void permissions.refetch();
        }}
      />
    );
  if (!roles.data || !permissions.data) return <Skeleton className="h-96 w-full" />;
  return (
    <ScrollRegion
      label={t`Roles and permissions`}
      className="min-h-0 flex-1 overflow-auto border-t border-line bg-surface"
    >
      <table className="min-w-full border-separate border-spacing-0">
        <caption className="sr-only">{t`Roles and permissions`}</caption>
        <thead>
          <tr>
            <th
              scope="col"
              className="sticky top-0 left-0 z-20 min-w-64 border-e border-b border-line-strong bg-canvas px-4 py-2 text-start text-xs font-medium text-muted max-sm:min-w-44 sm:px-6"
            >
              <Trans>Permission</Trans>
            </th>
            {roles.data.items.map((role) => (
              <th
                key={role.id}
                scope="col"
                className="sticky top-0 z-10 h-20 max-w-40 min-w-26 border-e border-b border-line bg-canvas px-2 py-2 text-start align-bottom text-xs font-normal"
              >
                <Link
                  to="/roles/$id"
                  params={{ id: role.id }}
                  className="flex min-h-6 items-center gap-1 font-semibold text-ink hover:text-accent hover:underline"
                >
                  {!role.editable && <Lock role="img" aria-label={t`Fixed`} className="size-3 shrink-0 text-muted" />}
                  <span className="break-words hyphens-auto">{role.name}</span>
                </Link>
                <span className="flex items-center gap-2">
                  <Link
                    to="/users"
                    search={{ role_id: role.id }}
                    className="inline-flex min-h-6 items-center text-muted hover:underline"
                  >
                    <Plural value={role.user_count} one="# user" other="# users" />
                  </Link>
                  {role.second_factor && (
                    <IconPill tone="accent" icon={<ShieldCheck />} label={t`Asks for a second factor`} />
                  )}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {areas.map((area) => (
            <Fragment key={area.id}>
              <tr>
                <th
                  scope="colgroup"
                  colSpan={roles.data.items.length + 1}
                  className="border-b border-line bg-sunken px-4 py-1.5 text-start text-xs font-semibold sm:px-6"
                >
                  <span className="sticky left-4">{area.name}</span>
                </th>
              </tr>
              {area.permissions.map((permission) => (
                <tr key={permission.id} className="group">
                  <th
                    scope="row"
                    title={permission.id}
                    className="sticky left-0 z-[5] border-e border-b border-line border-e-line-strong bg-surface px-4 py-1.5 text-start font-normal group-hover:bg-hover sm:px-6"
                  >
                    {permission.description}
                  </th>
                  {roles.data.items.map((role) => (
                    <td
                      key={role.id}
                      className="border-e border-b border-line px-3 py-1.5 text-center group-hover:bg-hover"
                    >
                      {role.permissions.includes(permission.id) ? (
                        <Check role="img" aria-label={t`yes`} className="mx-auto size-4 text-green" />
                      ) : (
                        <span className="sr-only">{t`no`}</span>
                      )}
                    </td>
                  ))}
                </tr>
              ))}
            </Fragment>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
