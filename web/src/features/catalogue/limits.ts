import type { SpecificationLimit } from "@/api/types";
import { AGE_MAX_DAYS, ageOn, type AgeUnit, firstDay } from "./age";
import { decimalOrNull, isDecimal, textOrNull, wholeOrNull } from "./changes";

/** The numbers of a limit in the order in which they may rise; the guard band is a width and stands apart. */
const rising = ["critical_low", "low", "warn_low", "warn_high", "high", "critical_high"] as const;
export const limitNumbers = [
  "low",
  "high",
  "warn_low",
  "warn_high",
  "critical_low",
  "critical_high",
  "guard_band",
] as const;
export type LimitNumber = (typeof limitNumbers)[number];

/** An age as it is typed: a count and its unit; nothing typed is no bound. */
export interface TypedAge {
  text: string;
  unit: AgeUnit;
}
/** One limit as the form holds it: everything as typed. */
export interface LimitRow extends Record<LimitNumber, string> {
  key: number;
  test: string;
  sex: "" | "female" | "male";
  /** From this age on. */
  from: TypedAge;
  /** Up to, but not at this age. */
  under: TypedAge;
  text: string;
}
export type LimitField = "test" | "sex" | "from" | "under" | LimitNumber;

const typed = (day: number | null): TypedAge => {
  if (day === null) return { text: "", unit: "years" };
  const { count, unit } = ageOn(day);
  return { text: String(count), unit };
};
const typedNumbers = <T>(of: (field: LimitNumber) => T) =>
  Object.fromEntries(limitNumbers.map((field) => [field, of(field)])) as Record<LimitNumber, T>;

export function rowOf(limit: SpecificationLimit | null, key: number): LimitRow {
  const lastDay = limit?.age_max_days ?? null;
  return {
    key,
    test: limit?.test_id ?? "",
    sex: limit?.sex ?? "",
    from: typed(limit?.age_min_days ?? null),
    under: typed(lastDay === null ? null : lastDay + 1),
    text: limit?.text ?? "",
    ...typedNumbers((field) => limit?.[field] ?? ""),
  };
}

/** The next range of the same test: the other sex, or whoever is as old as the last one stops at. */
export function rowAfter(row: LimitRow, key: number): LimitRow {
  const next = { ...rowOf(null, key), test: row.test };
  if (row.sex === "female") return { ...next, sex: "male", from: row.from, under: row.under };
  return { ...next, sex: row.sex, from: row.under };
}

/** The day on which an age begins; null when none is typed, undefined when what is typed is no age. */
function dayOf(age: TypedAge): number | null | undefined {
  if (age.text.trim() === "") return null;
  const count = wholeOrNull(age.text);
  return count === null ? undefined : firstDay(count, age.unit);
}

export function limitOf(row: LimitRow): SpecificationLimit {
  const under = dayOf(row.under) ?? null;
  return {
    test_id: row.test,
    sex: row.sex === "" ? null : row.sex,
    age_min_days: dayOf(row.from) ?? null,
    age_max_days: under === null ? null : Math.max(0, under - 1),
    text: textOrNull(row.text),
    ...typedNumbers((field) => decimalOrNull(row[field])),
  };
}

/** Nothing is typed in it, so it is left out. */
export const isBlank = (row: LimitRow): boolean =>
  !row.test &&
  !row.text.trim() &&
  !row.from.text &&
  !row.under.text &&
  limitNumbers.every((field) => !row[field].trim());

export type LimitFault =
  | { code: "test" | "number" | "age" | "old" | "ends" | "twin" }
  | { code: "order"; than: LimitNumber }
  | { code: "overlap"; with: LimitRow };
/** What is wrong, by row and field: `faults.get(row.key)?.low`. */
export type LimitFaults = ReadonlyMap<number, Partial<Record<LimitField, LimitFault>>>;

/**
 * What cannot be saved. A range without ages may stand beside ranges with ages: it is for whoever none of them concerns, or whose
 * age nobody knows. Two ranges with ages that concern the same person are refused, because a reader could not say which holds.
 */
export function faultsOf(rows: readonly LimitRow[]): LimitFaults {
  const faults = new Map<number, Partial<Record<LimitField, LimitFault>>>();
  // Ranges before this one whose ages can be read.
  const sound: LimitRow[] = [];
  for (const row of rows) {
    const wrong = { ...faultsOfNumbers(row), ...faultsOfAges(row) };
    const readable = !wrong.from && !wrong.under;
    if (!row.test) wrong.test = { code: "test" };
    else if (readable) {
      const other = sound.find((each) => each.test === row.test && each.sex === row.sex && meets(each, row));
      const same = other && sameAges(other, row);
      if (other)
        wrong[same && !hasAge(row) ? "sex" : "from"] = same ? { code: "twin" } : { code: "overlap", with: other };
    }
    if (readable) sound.push(row);
    if (Object.keys(wrong).length > 0) faults.set(row.key, wrong);
  }
  return faults;
}

function faultsOfNumbers(row: LimitRow) {
  const wrong: Partial<Record<LimitField, LimitFault>> = {};
  for (const field of limitNumbers) if (row[field].trim() && !isDecimal(row[field])) wrong[field] = { code: "number" };
  let last: { field: LimitNumber; value: number } | undefined;
  for (const field of rising) {
    const text = decimalOrNull(row[field]);
    if (text === null || wrong[field]) continue;
    if (last && last.value > Number(text)) wrong[last.field] = { code: "order", than: field };
    last = { field, value: Number(text) };
  }
  return wrong;
}

function faultsOfAges(row: LimitRow) {
  const wrong: Partial<Record<LimitField, LimitFault>> = {};
  const [from, under] = [dayOf(row.from), dayOf(row.under)];
  if (from === undefined) wrong.from = { code: "age" };
  else if (from !== null && from > AGE_MAX_DAYS) wrong.from = { code: "old" };
  if (under === undefined) wrong.under = { code: "age" };
  else if (under !== null && under - 1 > AGE_MAX_DAYS) wrong.under = { code: "old" };
  else if (under !== null && under <= (from ?? 0)) wrong.under = { code: "ends" };
  return wrong;
}

const hasAge = ({ from, under }: LimitRow) => from.text.trim() !== "" || under.text.trim() !== "";
const sameAges = (a: LimitRow, b: LimitRow) => dayOf(a.from) === dayOf(b.from) && dayOf(a.under) === dayOf(b.under);

/** Whether two ranges of one test and sex may concern the same person, neither being the one for everybody else. */
function meets(a: LimitRow, b: LimitRow): boolean {
  if (hasAge(a) !== hasAge(b)) return false;
  const [startA, startB] = [dayOf(a.from) ?? 0, dayOf(b.from) ?? 0];
  return startA < (dayOf(b.under) ?? Infinity) && startB < (dayOf(a.under) ?? Infinity);
}

/** Whether limits depend on whose specimen it is. */
export const byPerson = (limits: readonly SpecificationLimit[]): boolean =>
  limits.some((each) => each.sex !== null || each.age_min_days !== null || each.age_max_days !== null);

/** Alarm limits lie outside: below the low one or above the high one. */
export function alarmText(limit: SpecificationLimit, kind: "warn" | "critical"): string | null {
  const [below, above] = [limit[`${kind}_low`], limit[`${kind}_high`]];
  return (
    [below === null ? null : `< ${below}`, above === null ? null : `> ${above}`].filter(Boolean).join("  ") || null
  );
}

/** Limits of one test together, in the order in which each test is first named. */
export function byTest<T>(items: readonly T[], testOf: (item: T) => string | number): T[][] {
  const groups = new Map<string | number, T[]>();
  for (const item of items) groups.set(testOf(item), [...(groups.get(testOf(item)) ?? []), item]);
  return [...groups.values()];
}
