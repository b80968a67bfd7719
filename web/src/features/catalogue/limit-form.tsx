import { Trans, useLingui } from "@lingui/react/macro";
import { Check, Trash2 } from "lucide-react";
import { Button, IconButton } from "@/ui/button";
import { type Choice, Combobox } from "@/ui/combobox";
import { Field, SelectField, TextField } from "@/ui/field";
import { AgeField } from "./age-field";
import { type LimitFault, type LimitField, limitNumbers, limitOf, type LimitRow } from "./limits";
import { useCatalogueWords } from "./words";

/** One limit as a form: for which test, for whom, and the numbers. */
export function LimitForm({
  row,
  onChange,
  onDone,
  onRemove,
  what,
  tests,
  busy,
  personal,
  guarded,
  faults,
  server,
}: {
  row: LimitRow;
  onChange: (part: Partial<LimitRow>) => void;
  /** Folds it up again; left out while something is wrong with it. */
  onDone?: () => void;
  onRemove?: () => void;
  /** The test and for whom, for those who hear the page. */
  what: string;
  tests: readonly Choice[];
  busy: boolean;
  /** Whether it may be for one sex or age. */
  personal: boolean;
  /** Whether the decision rule wants a guard band. */
  guarded: boolean;
  faults: Partial<Record<LimitField, LimitFault>>;
  /** What the server says of a field of it. */
  server: (field: string) => string | undefined;
}) {
  const { t } = useLingui();
  const words = useCatalogueWords();
  const say = useFaultWords();
  const fault = (field: LimitField, path: string = field) => {
    const mine = faults[field];
    return (mine && say(mine)) ?? server(path);
  };
  return (
    <div className="flex flex-col gap-3 p-3">
      <div className="flex items-start gap-2">
        <Field label={t`Test`} className="flex-1" error={fault("test", "test_id")}>
          {(control) => (
            <Combobox
              control={control}
              choices={tests}
              busy={busy}
              placeholder={t`Name or code`}
              value={tests.find((each) => each.id === row.test) ?? (row.test ? { id: row.test, label: "…" } : null)}
              onChange={(test) => onChange({ test: test?.id ?? "" })}
            />
          )}
        </Field>
        {onRemove && (
          <IconButton
            label={t`Remove ${what}`}
            icon={<Trash2 className="text-muted" />}
            className="mt-5"
            onClick={onRemove}
          />
        )}
      </div>
      {personal && (
        <div className="grid items-start gap-2 sm:grid-cols-3">
          <SelectField
            label={t({ message: "For", context: "whom" })}
            value={row.sex}
            onChange={(sex) => onChange({ sex })}
            empty={t`everybody`}
            options={[
              { value: "female", label: t`women` },
              { value: "male", label: t`men` },
            ]}
            error={fault("sex")}
          />
          <AgeField
            label={t`From the age of`}
            value={row.from}
            onChange={(from) => onChange({ from })}
            error={fault("from", "age_min_days")}
          />
          <AgeField
            label={t`Under the age of`}
            value={row.under}
            onChange={(under) => onChange({ under })}
            error={fault("under", "age_max_days")}
          />
        </div>
      )}
      <div className="grid grid-cols-2 items-start gap-2 sm:grid-cols-4">
        {limitNumbers
          .filter((each) => each !== "guard_band" || guarded || row.guard_band)
          .map((each) => (
            <TextField
              key={each}
              mono
              inputMode="decimal"
              label={words.limitNumber(each)}
              value={row[each]}
              onChange={(event) => onChange({ [each]: event.target.value })}
              error={fault(each)}
            />
          ))}
        <TextField
          className="col-span-2"
          label={t`Source or text`}
          value={row.text}
          onChange={(event) => onChange({ text: event.target.value })}
          error={server("text")}
        />
        {onDone && (
          <Button icon={<Check />} className="col-start-2 sm:col-start-4" onClick={onDone}>
            <Trans context="form">Done</Trans>
          </Button>
        )}
      </div>
    </div>
  );
}

function useFaultWords() {
  const { t } = useLingui();
  const words = useCatalogueWords();
  return (fault: LimitFault): string => {
    switch (fault.code) {
      case "test":
        return t`Choose a test.`;
      case "number":
        return t`Write a number such as 4.2.`;
      case "order":
        return t`Lies above “${words.limitNumber(fault.than)}”.`;
      case "age":
        return t`Write a whole number.`;
      case "old":
        return t`Nobody is older than 150 years.`;
      case "ends":
        return t`Must be more than the age it begins at.`;
      case "twin":
        return t`There is a range for the same people already.`;
      case "overlap":
        return t`Overlaps with the range “${words.forWhom(limitOf(fault.with))}”.`;
    }
  };
}
