import { Combobox as Base } from "@base-ui/react/combobox";
import { useLingui } from "@lingui/react/macro";
import { Check, ChevronDown, X } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "./cx";
import type { ControlProps } from "./field";

/** One row of a combobox: what is chosen, how it reads, and a second quiet line. */
export interface Choice {
  id: string;
  label: string;
  note?: string;
}

interface Shared {
  control?: ControlProps;
  choices: readonly Choice[];
  placeholder?: string;
  /** Called with what is typed; when given, the server filters and the list is shown as it comes. */
  onSearch?: (text: string) => void;
  busy?: boolean;
  emptyText?: ReactNode;
}

/** Choose one of many by typing. */
export function Combobox({
  value,
  onChange,
  label,
  ...shared
}: Shared & { value: Choice | null; onChange: (value: Choice | null) => void; label?: string }) {
  const { t } = useLingui();
  return (
    <Base.Root
      items={shared.choices}
      value={value}
      // Escape closes the list; what was chosen stays.
      onValueChange={(next: Choice | null, { reason }) => reason !== "escape-key" && onChange(next)}
      onInputValueChange={(text, details) => details.reason === "input-change" && shared.onSearch?.(text)}
      itemToStringLabel={(choice: Choice) => choice.label}
      isItemEqualToValue={(a: Choice, b: Choice) => a.id === b.id}
      filter={shared.onSearch ? null : undefined}
      autoHighlight
    >
      <Base.InputGroup className="control flex items-center pe-1">
        <Base.Input
          {...shared.control}
          aria-label={label}
          placeholder={shared.placeholder}
          className="min-w-0 flex-1 bg-transparent py-1 outline-none"
        />
        {value && (
          <Base.Clear
            aria-label={t`Clear`}
            className="grid size-6 place-items-center rounded-sm text-muted hover:bg-hover hover:text-ink"
          >
            <X className="size-3.5" />
          </Base.Clear>
        )}
        <Base.Trigger
          aria-label={t`Show choices`}
          className="grid size-6 place-items-center rounded-sm text-muted hover:bg-hover"
        >
          <ChevronDown className="size-4" />
        </Base.Trigger>
      </Base.InputGroup>
      <Popup {...shared} />
    </Base.Root>
  );
}

/** Choose several of many by typing; the chosen ones are chips. */
export function MultiCombobox({
  value,
  onChange,
  label,
  ...shared
}: Shared & { value: Choice[]; onChange: (value: Choice[]) => void; label?: string }) {
  const { t } = useLingui();
  return (
    <Base.Root
      multiple
      items={shared.choices}
      value={value}
      onValueChange={(next: Choice[], { reason }) => reason !== "escape-key" && onChange(next)}
      onInputValueChange={(text, details) => details.reason === "input-change" && shared.onSearch?.(text)}
      itemToStringLabel={(choice: Choice) => choice.label}
      isItemEqualToValue={(a: Choice, b: Choice) => a.id === b.id}
      filter={shared.onSearch ? null : undefined}
      autoHighlight
    >
      <Base.InputGroup className="control flex items-center px-1">
        <Base.Chips className="flex flex-1 flex-wrap items-center gap-1 py-1">
          {value.map((choice) => (
            <Base.Chip
              key={choice.id}
              aria-label={choice.label}
              className="flex max-w-full items-center gap-0.5 rounded-sm bg-accent-tint ps-1.5 text-xs text-accent outline-none data-highlighted:outline-2"
            >
              <span className="truncate">{choice.label}</span>
              <Base.ChipRemove
                aria-label={t`Remove ${choice.label}`}
                className="grid size-5 place-items-center rounded-sm hover:bg-accent hover:text-on-accent"
              >
                <X className="size-3" />
              </Base.ChipRemove>
            </Base.Chip>
          ))}
          <Base.Input
            {...shared.control}
            aria-label={label}
            placeholder={value.length === 0 ? shared.placeholder : undefined}
            className="min-w-20 flex-1 bg-transparent px-1.5 py-0.5 outline-none"
          />
        </Base.Chips>
      </Base.InputGroup>
      <Popup {...shared} />
    </Base.Root>
  );
}

function Popup({ busy, emptyText, choices }: Shared) {
  const { t } = useLingui();
  return (
    <Base.Portal>
      <Base.Positioner sideOffset={4} className="z-50">
        <Base.Popup className="popup max-h-[min(22rem,var(--available-height))] w-(--anchor-width) min-w-56 overflow-y-auto p-1">
          <Base.Status className="sr-only">{busy ? t`Searching…` : ""}</Base.Status>
          {(choices.length === 0 || busy) && (
            <p className="px-2 py-1.5 text-muted">{busy ? t`Searching…` : (emptyText ?? t`Nothing matches.`)}</p>
          )}
          <Base.List>
            {(choice: Choice) => (
              <Base.Item
                key={choice.id}
                value={choice}
                className={cx(
                  "flex min-h-[var(--control)] items-center gap-2 rounded-sm px-2 py-1 outline-none data-highlighted:bg-hover",
                )}
              >
                <span className="min-w-0 flex-1">
                  <span className="block truncate">{choice.label}</span>
                  {choice.note && <span className="block truncate text-xs text-muted">{choice.note}</span>}
                </span>
                <Base.ItemIndicator>
                  <Check className="size-4 text-accent" />
                </Base.ItemIndicator>
              </Base.Item>
            )}
          </Base.List>
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  );
}
