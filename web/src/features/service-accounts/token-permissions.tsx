import { Trans, useLingui } from "@lingui/react/macro";
import { useApi } from "@/api/queries";
import type { ServiceAccount } from "@/api/types-access";
import { useAreas } from "@/features/people/areas";
import { CheckField } from "@/ui/field";
import { ErrorState, Skeleton } from "@/ui/states";

/** Which of its account's permissions a token has: all of them, now and later (null), or only these. */
export function TokenPermissions({
  account,
  value,
  onChange,
  error,
}: {
  account: ServiceAccount;
  value: ReadonlySet<string> | null;
  onChange: (value: ReadonlySet<string> | null) => void;
  error?: string;
}) {
  const { t } = useLingui();
  const narrowed = value !== null;
  return (
    <div className="flex flex-col gap-3">
      <CheckField
        label={<Trans>Only some of the account's permissions</Trans>}
        hint={t`Otherwise the token may do all that the account may, now and later.`}
        checked={narrowed}
        onChange={(on) => onChange(on ? new Set() : null)}
      />
      {value && <Choice account={account} value={value} onChange={onChange} />}
      {error && (
        <p role="alert" className="text-red">
          {error}
        </p>
      )}
    </div>
  );
}

function Choice({
  account,
  value,
  onChange,
}: {
  account: ServiceAccount;
  value: ReadonlySet<string>;
  onChange: (value: ReadonlySet<string>) => void;
}) {
  const permissions = useApi("GET /permissions", {});
  const access = useApi("GET /users/{id}/access", { path: { id: account.id } });
  const held = new Set(access.data?.permissions.filter((each) => each.held).map((each) => each.permission as string));
  const areas = useAreas((permissions.data?.items ?? []).filter((each) => held.has(each.id)));
  const error = permissions.error ?? access.error;
  if (error) return <ErrorState error={error} onRetry={() => void access.refetch()} className="py-4" />;
  if (permissions.isPending || access.isPending) return <Skeleton className="h-24 w-full" />;
  if (areas.length === 0)
    return (
      <p className="text-muted">
        <Trans>The account has no permission yet.</Trans>
      </p>
    );
  return (
    <div className="flex max-h-64 flex-col gap-3 overflow-y-auto rounded-md border border-line p-3">
      {areas.map((area) => (
        <fieldset key={area.id} className="flex flex-col gap-1.5">
          <legend className="mb-1 text-xs font-semibold text-muted">{area.name}</legend>
          {area.permissions.map((permission) => (
            <CheckField
              key={permission.id}
              label={permission.description}
              checked={value.has(permission.id)}
              onChange={(on) =>
                onChange(
                  on ? new Set([...value, permission.id]) : new Set([...value].filter((id) => id !== permission.id)),
                )
              }
            />
          ))}
        </fieldset>
      ))}
    </div>
  );
}
