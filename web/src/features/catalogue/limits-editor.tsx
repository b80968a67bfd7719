import { Trans, useLingui } from "@lingui/react/macro";
import { Plus, SquarePen, Trash2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { Test } from "@/api/types";
import { Button, IconButton } from "@/ui/button";
import { LimitForm } from "./limit-form";
import { LimitLine } from "./limit-line";
import { byTest, type LimitFaults, limitOf, type LimitRow, rowAfter, rowOf } from "./limits";
import { useCatalogueWords } from "./words";

/**
 * The limits of a specification, test by test: each one line to read, a form when it is being changed. What is wrong stays open and
 * says why beside the field.
 */
export function LimitsEditor({
  rows,
  onChange,
  tests,
  busy,
  personal,
  guarded,
  faults,
  server,
}: {
  rows: readonly LimitRow[];
  onChange: (rows: LimitRow[]) => void;
  tests: readonly Test[];
  busy: boolean;
  /** Whether limits may be for one sex or age. */
  personal: boolean;
  guarded: boolean;
  faults: LimitFaults;
  /** What the server says of a row's field, or of any of its fields. */
  server: (row: LimitRow, field?: string) => string | undefined;
}) {
  const { t } = useLingui();
  const words = useCatalogueWords();
  const list = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<ReadonlySet<number>>(
    () => new Set(rows.length === 1 ? rows.map((row) => row.key) : []),
  );
  // The row whose first field, or whose line, takes the focus once it is there.
  const [wanted, setWanted] = useState<number | null>(null);
  useEffect(() => {
    if (wanted === null) return;
    const row = list.current?.querySelector<HTMLElement>(`[data-limit="${wanted}"]`);
    row?.querySelector<HTMLElement>("input, button")?.focus();
    setWanted(null);
  }, [wanted]);
  const toggle = (key: number, on: boolean) => {
    setOpen((now) => new Set(on ? [...now, key] : [...now].filter((each) => each !== key)));
    setWanted(key);
  };
  const change = (key: number, part: Partial<LimitRow>) => {
    onChange(rows.map((each) => (each.key === key ? { ...each, ...part } : each)));
    // What was open only because of a mistake stays open once the mistake is gone; what moves to another test keeps the focus.
    setOpen((now) => new Set([...now, key]));
    if (part.test !== undefined) setWanted(key);
  };
  const add = (made: LimitRow, after?: LimitRow) => {
    const at = after ? rows.indexOf(after) + 1 : rows.length;
    onChange(rows.toSpliced(at, 0, made));
    toggle(made.key, true);
  };
  const remove = (row: LimitRow) => {
    const rest = rows.filter((each) => each !== row);
    onChange(rest);
    setWanted(rest[Math.min(rows.indexOf(row), rest.length - 1)]?.key ?? null);
  };
  const next = Math.max(-1, ...rows.map((row) => row.key)) + 1;
  const choices = tests
    .filter((each) => each.active)
    .map((each) => ({ id: each.id, label: each.name, note: `${each.code} · ${each.unit}` }));
  const testOf = new Map(tests.map((each) => [each.id, each]));
  // While its test is not chosen yet, a row stands alone.
  const groups = byTest(rows, (row) => row.test || row.key);
  return (
    <div ref={list} className="flex flex-col gap-3">
      {groups.map((group) => {
        const [first] = group;
        const last = group.at(-1);
        if (!first || !last) return null;
        const test = testOf.get(first.test);
        const name = test?.name ?? (first.test ? "…" : t`New limit`);
        return (
          <section key={first.key} aria-label={name} className="rounded-md border border-line">
            <div className="flex min-h-[var(--control)] items-center gap-2 border-b border-line bg-sunken px-3 py-0.5">
              <h3 className="min-w-0 flex-1 truncate font-medium">
                {name} <span className="font-normal text-muted">{test?.unit}</span>
              </h3>
              {personal && first.test && (
                <Button
                  tone="ghost"
                  icon={<Plus />}
                  className="-me-2"
                  onClick={() => add(rowAfter(last, next), last)}
                  aria-label={t`Another range of ${name}`}
                >
                  <Trans>Another range</Trans>
                </Button>
              )}
            </div>
            <ul className="divide-y divide-line">
              {group.map((row) => {
                const limit = limitOf(row);
                const whom = words.forWhom(limit);
                const wrong = faults.get(row.key);
                const unfolded = open.has(row.key) || wrong !== undefined || server(row) !== undefined;
                const what = personal ? `${name}, ${whom}` : name;
                return (
                  <li key={row.key} data-limit={row.key}>
                    {unfolded ? (
                      <fieldset className="min-w-0">
                        <legend className="sr-only">{what}</legend>
                        <LimitForm
                          row={row}
                          onChange={(part) => change(row.key, part)}
                          onDone={wrong ? undefined : () => toggle(row.key, false)}
                          onRemove={rows.length > 1 ? () => remove(row) : undefined}
                          tests={choices}
                          busy={busy}
                          personal={personal}
                          guarded={guarded}
                          faults={wrong ?? {}}
                          server={(field) => server(row, field)}
                          what={what}
                        />
                      </fieldset>
                    ) : (
                      <div className="flex items-center gap-x-3 py-0.5 ps-3 pe-1">
                        <LimitLine limit={limit} personal={personal} />
                        <IconButton
                          label={t`Change ${what}`}
                          icon={<SquarePen className="text-muted" />}
                          onClick={() => toggle(row.key, true)}
                        />
                        <IconButton
                          label={t`Remove ${what}`}
                          icon={<Trash2 className="text-muted" />}
                          onClick={() => remove(row)}
                        />
                      </div>
                    )}
                  </li>
                );
              })}
            </ul>
          </section>
        );
      })}
      <Button className="self-start" icon={<Plus />} onClick={() => add(rowOf(null, next))}>
        <Trans>Add a limit</Trans>
      </Button>
    </div>
  );
}
