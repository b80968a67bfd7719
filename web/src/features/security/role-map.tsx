import { Trans, useLingui } from "@lingui/react/macro";
import { Plus, Trash2 } from "lucide-react";
import type { Role } from "@/api/types-records";
import { Button } from "@/ui/button";
import { CopyButton } from "@/ui/copy-button";
import { Field, FieldError, TextField } from "@/ui/field";

/** A line of the map; `key` keeps what is typed with its line when another goes. */
export interface MapLine {
  key: string;
  value: string;
  roles: readonly string[];
}

export const newLine = (): MapLine => ({ key: crypto.randomUUID(), value: "", roles: [] });

/** Which groups of the provider stand for which roles. */
export function RoleMap({
  lines,
  roles,
  onChange,
  problem,
}: {
  lines: readonly MapLine[];
  roles: readonly Role[];
  onChange: (lines: MapLine[]) => void;
  /** What is wrong in a line, by its number. */
  problem: (index: number, part: "value" | "role_ids") => string | undefined;
}) {
  const { t } = useLingui();
  const set = (index: number, change: Partial<MapLine>) =>
    onChange(lines.map((line, at) => (at === index ? { ...line, ...change } : line)));
  return (
    <div className="flex flex-col gap-3">
      {lines.length === 0 && (
        <p className="text-muted">
          <Trans>No group is mapped: roles are given by hand, or to every new account below.</Trans>
        </p>
      )}
      <ul className="flex flex-col gap-3">
        {lines.map((line, index) => (
          <li key={line.key} className="rounded-md border border-line p-3">
            <div className="flex items-start gap-2">
              <TextField
                className="flex-1"
                label={t`Group at the provider`}
                mono
                spellCheck={false}
                value={line.value}
                onChange={(event) => set(index, { value: event.target.value })}
                error={problem(index, "value")}
              />
              <Button
                tone="ghost"
                className="mt-5"
                icon={<Trash2 />}
                aria-label={t`Remove the group ${line.value || index + 1}`}
                onClick={() => onChange(lines.filter((_, at) => at !== index))}
              />
            </div>
            <RoleTicks
              label={t`Roles here`}
              roles={roles}
              value={line.roles}
              onChange={(next) => set(index, { roles: next })}
              error={problem(index, "role_ids")}
            />
          </li>
        ))}
      </ul>
      <Button icon={<Plus />} className="self-start" onClick={() => onChange([...lines, newLine()])}>
        <Trans>Map a group</Trans>
      </Button>
    </div>
  );
}

/** Roles to tick, in few lines. */
export function RoleTicks({
  label,
  roles,
  value,
  onChange,
  error,
}: {
  label: string;
  roles: readonly Role[];
  value: readonly string[];
  onChange: (value: string[]) => void;
  error?: string;
}) {
  return (
    <fieldset className="mt-2 flex min-w-0 flex-col gap-1">
      <legend className="mb-1 text-xs font-medium">{label}</legend>
      <div className="flex flex-wrap gap-1.5">
        {roles.map((role) => (
          <label
            key={role.id}
            className="flex min-h-8 items-center gap-2 rounded-md border border-line px-2.5 hover:bg-hover has-checked:border-accent has-checked:bg-selected"
          >
            <input
              type="checkbox"
              className="size-4 accent-accent"
              checked={value.includes(role.id)}
              onChange={(event) =>
                onChange(event.target.checked ? [...value, role.id] : value.filter((each) => each !== role.id))
              }
            />
            {role.name}
          </label>
        ))}
      </div>
      {error && <FieldError>{error}</FieldError>}
    </fieldset>
  );
}

/** A value to carry elsewhere: selected whole by a click. */
export function Carried({ label, hint, value }: { label: string; hint: string; value: string }) {
  return (
    <Field label={label} hint={hint}>
      {(control) => (
        <span className="flex gap-2">
          <input
            {...control}
            className="control mono min-w-0 flex-1"
            readOnly
            value={value}
            onFocus={(event) => event.target.select()}
          />
          <CopyButton text={value} />
        </span>
      )}
    </Field>
  );
}
