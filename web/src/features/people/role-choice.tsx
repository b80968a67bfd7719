import { Plural, useLingui } from "@lingui/react/macro";
import { useApi } from "@/api/queries";
import { FieldError } from "@/ui/field";
import { ErrorState, Skeleton } from "@/ui/states";

/** Roles to tick, each with what it is for. */
export function RoleChoice({
  value,
  onChange,
  error,
}: {
  value: ReadonlySet<string>;
  onChange: (value: ReadonlySet<string>) => void;
  error?: string;
}) {
  const { t } = useLingui();
  const roles = useApi("GET /roles", { query: { limit: 200 } });
  if (roles.error && !roles.data)
    return <ErrorState error={roles.error} onRetry={() => void roles.refetch()} className="py-6" />;
  if (!roles.data) return <Skeleton className="h-80 w-full" />;
  const toggle = (id: string, on: boolean) =>
    onChange(on ? new Set([...value, id]) : new Set([...value].filter((each) => each !== id)));
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="sr-only">{t`Roles`}</legend>
      {roles.data.items.map((role) => (
        <label
          key={role.id}
          className="flex items-start gap-3 rounded-md border border-line px-3 py-2 hover:bg-hover has-checked:border-accent has-checked:bg-selected"
        >
          <input
            type="checkbox"
            className="mt-0.5 size-4 accent-accent"
            checked={value.has(role.id)}
            onChange={(event) => toggle(role.id, event.target.checked)}
          />
          <span className="min-w-0 flex-1">
            <span className="font-medium">{role.name}</span>
            <span className="block text-xs text-muted">{role.description}</span>
          </span>
          <span className="text-xs whitespace-nowrap text-muted">
            <Plural value={role.permissions.length} one="# permission" other="# permissions" />
          </span>
        </label>
      ))}
      {error && <FieldError>{error}</FieldError>}
    </fieldset>
  );
}
