import { useLingui } from "@lingui/react/macro";
import { useMemo } from "react";
import type { Result } from "@/api/types";
import type { GridColumn, GridRow } from "@/grid/types";
import type { Position } from "@/grid/position";
import type { DraftField } from "./drafts";
import { SampleHead } from "./sample-head";
import { pivot } from "./worklist";

/** What stands at a place of the table: a field of a result. */
export interface Field {
  result: Result;
  field: DraftField | "unit" | "limits" | "previous";
}

/** Rows and columns of the table, and what each place of it holds. */
export function useSheet(results: readonly Result[], list: boolean) {
  const { t } = useLingui();
  return useMemo(() => {
    if (list) {
      const oneTest = new Set(results.map((each) => each.test.id)).size === 1;
      const rows: GridRow[] = results.map((each) => ({
        id: each.id,
        name: oneTest ? each.sample.accession_number : `${each.sample.accession_number} ${each.test.code}`,
      }));
      const column = (id: Field["field"], header: string, width: number, align?: "end"): GridColumn => ({
        id,
        names: [header],
        header: <span className="truncate font-medium">{header}</span>,
        width,
        align,
      });
      const columns = [
        column("value", t`Result`, 150, "end"),
        column("unit", t`Unit`, 104),
        column("limits", t`Limits`, 130),
        column("previous", t`Previous`, 104, "end"),
        column("dilution_factor", t`Dilution`, 96, "end"),
        column("remark", t`Remark`, 260),
      ];
      const at = ({ row, column: index }: Position): Field | null => {
        const result = results[row];
        const field = columns[index]?.id as Field["field"] | undefined;
        return result && field ? { result, field } : null;
      };
      const places = results.map((result, row) => ({ result, at: { row, column: 0 } }));
      const head = (row: number) => <SampleHead result={results[row]} test={!oneTest} />;
      return { rows, columns, at, places, head };
    }
    const table = pivot(results);
    const rows: GridRow[] = table.rows.map((each) => ({ id: each.id, name: each.sample.accession_number }));
    const columns: GridColumn[] = table.columns.map(({ test, limits, limitsDiffer }) => ({
      id: test.id,
      names: [test.code, test.name, test.analyte],
      width: 148,
      align: "end",
      header: (
        <>
          <span className="line-clamp-2 max-w-full font-medium text-ink" title={`${test.name} · ${test.method}`}>
            {test.name}
          </span>
          <span className="max-w-full truncate text-muted">{test.unit}</span>
          <span className="mono max-w-full truncate text-muted">
            {limits ?? (limitsDiffer ? t`limits differ` : "–")}
          </span>
        </>
      ),
    }));
    const at = ({ row, column }: Position): Field | null => {
      const test = table.columns[column]?.test.id;
      const result = test === undefined ? undefined : table.rows[row]?.results.get(test);
      return result ? { result, field: "value" } : null;
    };
    const places = table.rows.flatMap((line, row) =>
      table.columns.flatMap(({ test }, column) => {
        const result = line.results.get(test.id);
        return result ? [{ result, at: { row, column } }] : [];
      }),
    );
    const head = (row: number) => (
      <SampleHead
        result={[...(table.rows[row]?.results.values() ?? [])][0]}
        late={[...(table.rows[row]?.results.values() ?? [])].some((each) => each.hold_time?.exceeded)}
      />
    );
    return { rows, columns, at, places, head };
  }, [results, list, t]);
}
