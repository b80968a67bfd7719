import { Trans, useLingui } from "@lingui/react/macro";
import { Plus, X } from "lucide-react";
import { type ClipboardEvent, type KeyboardEvent, useRef } from "react";
import { useMe } from "@/session/session";
import { Button, IconButton } from "@/ui/button";
import { cx } from "@/ui/cx";
import {
  type BatchColumn,
  batchColumns,
  batchLimit,
  type BatchRow,
  type CellError,
  emptyRow,
  isEmptyRow,
  pasteInto,
} from "./batch";

export const fiveRows = () => Array.from({ length: 5 }, emptyRow);

/** The samples of a batch, a line each; a table from a spreadsheet can be pasted into any cell. */
export function BatchTable({
  rows,
  onChange,
  errors,
  serverErrors,
}: {
  rows: BatchRow[];
  onChange: (rows: BatchRow[]) => void;
  errors: ReadonlyMap<string, CellError>;
  serverErrors: ReadonlyMap<string, string>;
}) {
  const { t } = useLingui();
  const medical = useMe().laboratory.kind === "medical";
  const table = useRef<HTMLTableElement>(null);
  const names: Record<BatchColumn, string> = {
    client_reference: medical ? t`Requester's number` : t`Client's reference`,
    sample_type: medical ? t`Specimen type` : t`Sample type`,
    collected_at: t`Collected`,
    collected_by: t`Collected by`,
    collection_place: t`Place`,
    tests: t`Tests (codes)`,
    remark: t`Remark`,
  };
  const examples: Partial<Record<BatchColumn, string>> = { collected_at: "2026-11-22 08:50", tests: "PB; NO3" };
  const texts: Record<CellError, string> = {
    required: t`Needed.`,
    unknown: t`Not in the catalogue.`,
    time: t`Not a time; write 2026-11-22 08:50.`,
    future: t`Lies in the future.`,
    noTests: t`No test, here or above.`,
  };
  const setCell = (index: number, column: BatchColumn, value: string) =>
    onChange(rows.map((row, at) => (at === index ? { ...row, [column]: value } : row)));
  const onPaste = (event: ClipboardEvent, row: number, column: number) => {
    const text = event.clipboardData.getData("text/plain");
    if (!/[\t\n;]/.test(text.trim())) return;
    event.preventDefault();
    onChange(pasteInto(rows, text, row, column));
  };
  const onKey = (event: KeyboardEvent, row: number, column: number) => {
    const step = event.key === "Enter" || event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    if (row + step >= rows.length && event.key === "Enter" && rows.length < batchLimit) onChange([...rows, emptyRow()]);
    requestAnimationFrame(() =>
      table.current?.querySelector<HTMLInputElement>(`[data-cell="${row + step}.${column}"]`)?.focus(),
    );
  };
  return (
    <>
      <div className="overflow-x-auto">
        <table ref={table} className="w-full min-w-[68rem] table-fixed border-collapse">
          <caption className="sr-only">{t`Samples to register`}</caption>
          <thead>
            <tr className="border-b border-line text-xs text-muted">
              <th scope="col" className="w-12 py-2 font-medium">
                <span className="sr-only">{t`Row`}</span>
              </th>
              {batchColumns.map((column) => (
                <th key={column} scope="col" className="px-2 py-2 text-start font-medium">
                  {names[column]}
                </th>
              ))}
              <th className="w-11">
                <span className="sr-only">{t`Remove`}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              // Rows have no identity but their place.
              // oxlint-disable-next-line react/no-array-index-key
              <tr key={index} className="border-b border-line">
                <td className="text-center text-xs text-muted">{index + 1}</td>
                {batchColumns.map((column, at) => {
                  const error = errors.get(`${index}.${column}`);
                  const message = (error && texts[error]) ?? serverErrors.get(`${index}.${column}`);
                  return (
                    <td key={column} className="border-s border-line p-0 align-top">
                      <input
                        data-cell={`${index}.${at}`}
                        aria-label={t`${names[column]}, row ${index + 1}`}
                        aria-invalid={message ? true : undefined}
                        aria-describedby={message ? `cell-${index}-${column}` : undefined}
                        placeholder={index === 0 ? examples[column] : undefined}
                        value={row[column]}
                        onChange={(event) => setCell(index, column, event.target.value)}
                        onPaste={(event) => onPaste(event, index, at)}
                        onKeyDown={(event) => onKey(event, index, at)}
                        className={cx(
                          "h-[var(--row)] w-full bg-transparent px-2 focus-visible:outline-2 focus-visible:-outline-offset-2",
                          column === "client_reference" && "mono",
                          message && "bg-red-tint",
                        )}
                      />
                      {message && (
                        <p id={`cell-${index}-${column}`} className="px-2 pb-1 text-2xs text-red">
                          {message}
                        </p>
                      )}
                    </td>
                  );
                })}
                <td className="border-s border-line text-center">
                  {!isEmptyRow(row) && (
                    <IconButton
                      label={t`Remove row ${index + 1}`}
                      icon={<X className="text-muted" />}
                      className="min-h-7! min-w-7!"
                      onClick={() => onChange(rows.filter((_, each) => each !== index))}
                    />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="flex items-center gap-3 px-3 py-2">
        <Button
          tone="ghost"
          icon={<Plus />}
          onClick={() => onChange([...rows, ...fiveRows()].slice(0, batchLimit))}
          disabledReason={rows.length >= batchLimit ? t`At most ${batchLimit} at once.` : undefined}
        >
          <Trans>Five more rows</Trans>
        </Button>
      </div>
    </>
  );
}
