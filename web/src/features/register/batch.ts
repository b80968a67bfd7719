import type { NewSample } from "@/api/types";
import type { Choice } from "@/ui/combobox";
import { parseClipboard, parseWhen } from "./paste";

/** One row of the batch as it stands on the screen. */
export interface BatchRow {
  client_reference: string;
  sample_type: string;
  collected_at: string;
  collected_by: string;
  collection_place: string;
  tests: string;
  remark: string;
}
export type BatchColumn = keyof BatchRow;

export const batchColumns: readonly BatchColumn[] = [
  "client_reference",
  "sample_type",
  "collected_at",
  "collected_by",
  "collection_place",
  "tests",
  "remark",
];
/** As many as the interface takes in one piece. */
export const batchLimit = 200;

export function emptyRow(): BatchRow {
  return {
    client_reference: "",
    sample_type: "",
    collected_at: "",
    collected_by: "",
    collection_place: "",
    tests: "",
    remark: "",
  };
}

export function isEmptyRow(row: BatchRow): boolean {
  return batchColumns.every((column) => row[column].trim() === "");
}

/** Column names a pasted table may begin with, in both languages; compared without case and punctuation. */
const headings: Record<string, BatchColumn> = {
  reference: "client_reference",
  clientreference: "client_reference",
  clientsreference: "client_reference",
  sampleid: "client_reference",
  oznaczenie: "client_reference",
  oznaczenieklienta: "client_reference",
  type: "sample_type",
  sampletype: "sample_type",
  matrix: "sample_type",
  rodzaj: "sample_type",
  rodzajprobki: "sample_type",
  collected: "collected_at",
  collectedat: "collected_at",
  datepobrania: "collected_at",
  datapobrania: "collected_at",
  pobrano: "collected_at",
  collectedby: "collected_by",
  pobral: "collected_by",
  place: "collection_place",
  collectionplace: "collection_place",
  site: "collection_place",
  miejsce: "collection_place",
  miejscepobrania: "collection_place",
  tests: "tests",
  analyses: "tests",
  badania: "tests",
  remark: "remark",
  remarks: "remark",
  uwagi: "remark",
};

function headingOf(text: string): BatchColumn | undefined {
  const key = text
    .toLocaleLowerCase()
    .replaceAll("ł", "l")
    .normalize("NFD")
    .replace(/[^a-z]/g, "");
  return headings[key];
}

/**
 * Lays pasted cells over the rows, from the cell that had the focus. A first line of known column names decides where
 * each column goes instead.
 */
export function pasteInto(rows: readonly BatchRow[], text: string, atRow: number, atColumn: number): BatchRow[] {
  const cells = parseClipboard(text);
  const named = cells[0]?.map(headingOf) ?? [];
  const hasHeading =
    named.filter((each) => each !== undefined).length >= Math.max(1, Math.ceil(named.length / 2)) && cells.length > 1;
  const columns = hasHeading ? named : (cells[0] ?? []).map((_, index) => batchColumns[atColumn + index]);
  const body = hasHeading ? cells.slice(1) : cells;
  const next = [...rows];
  body.forEach((line, offset) => {
    const index = atRow + offset;
    if (index >= batchLimit) return;
    const row = { ...(next[index] ?? emptyRow()) };
    line.forEach((cell, column) => {
      const name = hasHeading ? columns[column] : batchColumns[atColumn + column];
      if (name) row[name] = cell;
    });
    next[index] = row;
  });
  return next;
}

export interface BatchHead {
  client: Choice | null;
  patient: Choice | null;
  sampleType: Choice | null;
  tests: Choice[];
  specification: Choice | null;
}
export interface BatchWorld {
  types: readonly { id: string; name: string }[];
  tests: readonly { id: string; code: string; name: string }[];
  panels: readonly { id: string; code: string | null; name: string }[];
  toInstant: (local: string) => string | null;
}
export type CellError = "required" | "unknown" | "time" | "future" | "noTests";

/** Rows as requests, or what is wrong in which cell. Empty cells take what the head of the batch says. */
export function resolveBatch(
  rows: readonly BatchRow[],
  head: BatchHead,
  world: BatchWorld,
  now = Date.now(),
): { items: NewSample[]; errors: Map<string, CellError>; rowOf: number[] } {
  const errors = new Map<string, CellError>();
  const items: NewSample[] = [];
  const rowOf: number[] = [];
  rows.forEach((row, index) => {
    if (isEmptyRow(row)) return;
    const wrong = (column: BatchColumn, error: CellError) => errors.set(`${index}.${column}`, error);
    const typeId = row.sample_type.trim()
      ? find(world.types, row.sample_type, (each) => [each.name])?.id
      : head.sampleType?.id;
    if (!typeId) wrong("sample_type", row.sample_type.trim() ? "unknown" : "required");

    const wanted = testsOf(row.tests, world);
    if (wanted === null) wrong("tests", "unknown");
    const testIds = row.tests.trim() ? (wanted?.test_ids ?? []) : idsOf(head.tests, "test:");
    const panelIds = row.tests.trim() ? (wanted?.panel_ids ?? []) : idsOf(head.tests, "panel:");
    if (wanted !== null && testIds.length + panelIds.length === 0) wrong("tests", "noTests");

    let collected: string | undefined;
    if (row.collected_at.trim()) {
      const local = parseWhen(row.collected_at);
      const instant = local && world.toInstant(local);
      if (!instant) wrong("collected_at", "time");
      else if (Date.parse(instant) > now + 5 * 60_000) wrong("collected_at", "future");
      else collected = instant;
    }
    rowOf.push(index);
    items.push({
      client_id: head.client?.id,
      patient_id: head.patient?.id,
      sample_type_id: typeId ?? "",
      client_reference: row.client_reference.trim() || undefined,
      collected_at: collected,
      collected_by: row.collected_by.trim() || undefined,
      collection_place: row.collection_place.trim() || undefined,
      remark: row.remark.trim() || undefined,
      test_ids: testIds.length > 0 ? testIds : undefined,
      panel_ids: panelIds.length > 0 ? panelIds : undefined,
      specification_id: head.specification?.id,
    });
  });
  return { items, errors, rowOf };
}

const idsOf = (choices: readonly Choice[], prefix: string) =>
  choices.filter((each) => each.id.startsWith(prefix)).map((each) => each.id.slice(prefix.length));

function find<T>(all: readonly T[], text: string, names: (each: T) => (string | null)[]): T | undefined {
  const wanted = text.trim().toLocaleLowerCase();
  return all.find((each) => names(each).some((name) => name?.toLocaleLowerCase() === wanted));
}

/** "PB; NO3, Nutrients" by code or name; null when one of them is not in the catalogue. */
function testsOf(text: string, world: BatchWorld): { test_ids: string[]; panel_ids: string[] } | null {
  const wanted = { test_ids: [] as string[], panel_ids: [] as string[] };
  const whole = text.trim();
  // A name may itself hold a comma ("Lead, dissolved"), so the whole cell is tried before it is split.
  const parts = findTest(whole, world) ? [whole] : whole.split(/[;,|]/);
  for (const part of parts) {
    if (!part.trim()) continue;
    const found = findTest(part, world);
    if (!found) return null;
    wanted[found.kind].push(found.id);
  }
  return wanted;
}

function findTest(text: string, world: BatchWorld): { kind: "test_ids" | "panel_ids"; id: string } | null {
  if (!text.trim()) return null;
  const panel = find(world.panels, text, (each) => [each.code, each.name]);
  if (panel) return { kind: "panel_ids", id: panel.id };
  const test = find(world.tests, text, (each) => [each.code, each.name]);
  return test ? { kind: "test_ids", id: test.id } : null;
}
