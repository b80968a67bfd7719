import { Trans, useLingui } from "@lingui/react/macro";
import { Plus, X } from "lucide-react";
import type { Patient } from "@/api/types";
import { Button, IconButton } from "@/ui/button";
import { TextField } from "@/ui/field";

export type Identifier = Patient["identifiers"][number];

/** What can be sent: without the spaces around it. */
export const tidy = (identifiers: readonly Identifier[]): Identifier[] =>
  identifiers.map(({ system, value }) => ({ system: system.trim(), value: value.trim() }));

const same = (a: Identifier, b: Identifier) =>
  a.system.toLowerCase() === b.system.toLowerCase() && a.value.toLowerCase() === b.value.toLowerCase();

export type IdentifierFault = "system" | "value" | "twice";
/** What is wrong with each identifier, if anything; half an identifier finds nobody. */
export function identifierFaults(identifiers: readonly Identifier[]): (IdentifierFault | undefined)[] {
  const all = tidy(identifiers);
  return all.map((each, index) =>
    !each.value
      ? "value"
      : !each.system
        ? "system"
        : all.slice(0, index).some((other) => same(other, each))
          ? "twice"
          : undefined,
  );
}

/** The numbers by which others know a person: whose number it is, and the number. */
export function IdentifierRows({
  value,
  onChange,
  faults,
  server,
}: {
  value: readonly Identifier[];
  onChange: (identifiers: Identifier[]) => void;
  faults: readonly (IdentifierFault | undefined)[];
  server: (path: string) => string | undefined;
}) {
  const { t } = useLingui();
  const set = (index: number, change: Partial<Identifier>) =>
    onChange(value.map((each, at) => (at === index ? { ...each, ...change } : each)));
  const errors: Record<IdentifierFault, string> = {
    system: t`Say whose number it is.`,
    value: t`Write the number or remove the row.`,
    twice: t`It stands here already.`,
  };
  const error = (index: number, field: "system" | "value") => {
    const fault = faults[index];
    const mine = fault && (fault === "system") === (field === "system") ? errors[fault] : undefined;
    return mine ?? server(`identifiers.${index}.${field}`);
  };
  return (
    <div className="flex flex-col gap-3">
      {value.map((identifier, index) => (
        // Rows have no identity but their place.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={index} className="flex items-start gap-2">
          <TextField
            label={t({ message: "Kind", context: "identifier" })}
            className="w-32"
            autoComplete="off"
            value={identifier.system}
            onChange={(event) => set(index, { system: event.target.value })}
            error={error(index, "system")}
          />
          <TextField
            label={t({ message: "Number", context: "identifier" })}
            className="flex-1"
            mono
            autoComplete="off"
            value={identifier.value}
            onChange={(event) => set(index, { value: event.target.value })}
            error={error(index, "value")}
          />
          <IconButton
            label={t`Remove identifier ${index + 1}`}
            icon={<X />}
            className="mt-5"
            onClick={() => onChange(value.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <Button
        tone="ghost"
        icon={<Plus />}
        className="self-start"
        disabledReason={value.length >= MOST ? t`At most ${MOST}.` : undefined}
        onClick={() => onChange([...value, { system: "", value: "" }])}
      >
        <Trans>Another identifier</Trans>
      </Button>
    </div>
  );
}

/** As many as the server keeps of one person. */
const MOST = 20;
