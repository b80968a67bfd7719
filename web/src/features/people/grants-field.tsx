import { Trans, useLingui } from "@lingui/react/macro";
import { Plus, Trash2 } from "lucide-react";
import { isProblem } from "@/api/problems";
import { useApi } from "@/api/queries";
import type { Grant, NewGrant } from "@/api/types-records";
import { parseWhen } from "@/features/register/paste";
import { useMay } from "@/session/session";
import { useTime } from "@/session/time";
import { Button, IconButton } from "@/ui/button";
import { Combobox } from "@/ui/combobox";
import { ChoiceField, Field, TextField } from "@/ui/field";
import { TimeText } from "@/ui/time-text";
import { WhenField } from "@/ui/when-field";

/** An exception as it stands on the screen: its last day as typed. */
export interface GrantRow {
  key: number;
  permission: string;
  effect: "allow" | "deny";
  reason: string;
  lastDay: string;
  /** As the server has it; null for a new one. */
  stored: Grant | null;
}
type Time = ReturnType<typeof useTime>;
const DAY = 86_400_000;

let made = 0;
const newKey = () => ++made;

export const rowsOf = (grants: readonly Grant[], time: Time): GrantRow[] =>
  grants.map((stored) => ({
    key: newKey(),
    permission: stored.permission,
    effect: stored.effect,
    reason: stored.reason,
    // It ends with the last day, so an end at midnight belongs to the day before.
    lastDay: stored.until ? time.date(new Date(new Date(stored.until).getTime() - 1000).toISOString()) : "",
    stored,
  }));

/** The moment in which an exception ends: the end of its last day. Undefined when none is named, null when it is no day. */
export function endOf(row: GrantRow, time: Time): string | null | undefined {
  if (row.lastDay.trim() === "") return undefined;
  const day = parseWhen(row.lastDay)?.slice(0, 10);
  if (!day) return null;
  const noon = new Date(`${day}T12:00:00Z`).getTime();
  return time.toInstant(new Date(noon + DAY).toISOString().slice(0, 10));
}

/** What is sent; an end that was not touched stays to the second. */
export function grantsOf(rows: readonly GrantRow[], time: Time): NewGrant[] {
  return rows.map((row) => {
    const [before] = row.stored ? rowsOf([row.stored], time) : [];
    const until = before && before.lastDay === row.lastDay ? row.stored?.until : endOf(row, time);
    return {
      permission: row.permission,
      effect: row.effect,
      reason: row.reason.trim(),
      ...(until ? { until } : {}),
    };
  });
}

export const incomplete = (rows: readonly GrantRow[], time: Time): boolean =>
  rows.some((row) => row.permission === "" || row.reason.trim() === "" || endOf(row, time) === null);

/** Whether an exception gives what its giver does not hold. */
export function useBeyond(): (row: GrantRow) => boolean {
  const may = useMay();
  return (row) =>
    row.effect === "allow" &&
    row.permission !== "" &&
    row.stored?.permission !== row.permission &&
    !may(row.permission);
}

/** Single permissions given or taken beside the roles, each with its reason and, if wanted, its last day. */
export function GrantsField({
  rows,
  onChange,
  tried,
  error,
}: {
  rows: readonly GrantRow[];
  onChange: (rows: GrantRow[]) => void;
  tried: boolean;
  error: unknown;
}) {
  const change = (key: number, part: Partial<GrantRow>) =>
    onChange(rows.map((each) => (each.key === key ? { ...each, ...part } : each)));
  return (
    <>
      <ul className="flex flex-col gap-3">
        {rows.map((row, index) => (
          <GrantFields
            key={row.key}
            row={row}
            tried={tried}
            server={(field) => (isProblem(error) ? error.field(`grants.${index}.${field}`) : undefined)}
            onChange={(part) => change(row.key, part)}
            onRemove={() => onChange(rows.filter((each) => each.key !== row.key))}
          />
        ))}
      </ul>
      <Button
        icon={<Plus />}
        className={rows.length > 0 ? "mt-3" : ""}
        onClick={() =>
          onChange([...rows, { key: newKey(), permission: "", effect: "allow", reason: "", lastDay: "", stored: null }])
        }
      >
        <Trans>Add an exception</Trans>
      </Button>
    </>
  );
}

function GrantFields({
  row,
  tried,
  server,
  onChange,
  onRemove,
}: {
  row: GrantRow;
  tried: boolean;
  server: (field: string) => string | undefined;
  onChange: (part: Partial<GrantRow>) => void;
  onRemove: () => void;
}) {
  const { t } = useLingui();
  const time = useTime();
  const beyond = useBeyond();
  const permissions = useApi("GET /permissions", {});
  const choices = (permissions.data?.items ?? []).map((each) => ({
    id: each.id,
    label: each.description,
    note: each.id,
  }));
  const { stored } = row;
  return (
    <li className="grid items-start gap-x-2 gap-y-3 rounded-md border border-line p-3 sm:grid-cols-[1fr_auto_auto]">
      <Field
        label={t`Permission`}
        error={
          (beyond(row)
            ? t`You can only give what you hold yourself.`
            : tried && row.permission === ""
              ? t`Choose a permission.`
              : undefined) ?? server("permission")
        }
      >
        {(control) => (
          <Combobox
            control={control}
            choices={choices}
            value={choices.find((each) => each.id === row.permission) ?? null}
            onChange={(choice) => onChange({ permission: choice?.id ?? "" })}
          />
        )}
      </Field>
      <ChoiceField
        label={t`Effect`}
        value={row.effect}
        onChange={(effect) => onChange({ effect })}
        options={[
          { value: "allow", label: t`Given` },
          { value: "deny", label: t`Taken` },
        ]}
      />
      <IconButton
        label={t`Remove the exception`}
        icon={<Trash2 />}
        className="max-sm:justify-self-end sm:mt-5"
        onClick={onRemove}
      />
      <div className="grid gap-x-2 gap-y-3 sm:col-span-3 sm:grid-cols-[1fr_13rem]">
        <TextField
          label={t`Reason`}
          required
          value={row.reason}
          onChange={(event) => onChange({ reason: event.target.value })}
          error={(tried && row.reason.trim() === "" ? t`Say why.` : undefined) ?? server("reason")}
        />
        <WhenField
          dateOnly
          noNow
          label={t`Last day`}
          value={row.lastDay}
          onChange={(lastDay) => onChange({ lastDay })}
          error={(endOf(row, time) === null && tried ? t`There is no such day.` : undefined) ?? server("until")}
        />
      </div>
      {stored?.granted_at && (
        <p className="text-xs text-muted sm:col-span-3">
          {stored.granted_by ? (
            <Trans>
              By {stored.granted_by.name}, <TimeText at={stored.granted_at} />
            </Trans>
          ) : (
            <TimeText at={stored.granted_at} />
          )}
        </p>
      )}
    </li>
  );
}
