import type { Limits, Result } from "@/api/types";
import { limitText } from "./marks";
import type { WorklistSearch } from "./search";

export function statusOf({ show }: WorklistSearch): string {
  return show === "both" ? "pending,entered" : (show ?? "pending");
}

export interface TestColumn {
  test: Result["test"];
  /** What limits most of its results, for the head; null when they differ or there are none. */
  limits: string | null;
  limitsDiffer: boolean;
}
export interface SampleRow {
  id: string;
  sample: Result["sample"];
  /** By test id. */
  results: ReadonlyMap<string, Result>;
}

/** Results as a table: a row for each sample, a column for each test. A retest beside its original takes a row of its own. */
export function pivot(results: readonly Result[]): { rows: SampleRow[]; columns: TestColumn[] } {
  const rows = new Map<string, { id: string; sample: Result["sample"]; results: Map<string, Result> }>();
  const tests = new Map<string, Result[]>();
  for (const result of results) {
    let turn = 0;
    while (rows.get(`${result.sample.id}/${turn}`)?.results.has(result.test.id)) turn++;
    const id = `${result.sample.id}/${turn}`;
    const row = rows.get(id) ?? { id, sample: result.sample, results: new Map<string, Result>() };
    row.results.set(result.test.id, result);
    rows.set(id, row);
    tests.set(result.test.id, [...(tests.get(result.test.id) ?? []), result]);
  }
  const columns = [...tests.values()].flatMap((of) => {
    const test = of[0]?.test;
    if (!test) return [];
    const texts = new Set(of.map((each) => limitText(each.limits)));
    return [{ test, limits: texts.size === 1 ? ([...texts][0] ?? null) : null, limitsDiffer: texts.size > 1 }];
  });
  return { rows: [...rows.values()], columns: columns.toSorted((a, b) => a.test.name.localeCompare(b.test.name)) };
}

/** What stands in the field of an entered result: the digits as typed, with their sign. */
export function typedText(result: Result): string {
  if (result.detection === "ND") return "ND";
  const typed = result.typed ?? result.value ?? "";
  const sign = result.detection === "<" || result.detection === ">" ? result.detection : "";
  return sign && !/^[<>≤≥]/.test(typed) ? sign + typed : typed;
}

/** Every limit that is set, in the order a person reads them. */
export function limitRows(
  limits: Limits | null,
): { kind: "critical_low" | "low" | "warn_low" | "warn_high" | "high" | "critical_high"; value: string }[] {
  if (!limits) return [];
  return (["critical_low", "low", "warn_low", "warn_high", "high", "critical_high"] as const).flatMap((kind) => {
    const value = limits[kind];
    return value === null ? [] : [{ kind, value }];
  });
}
