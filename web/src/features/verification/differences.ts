import type { Result } from "@/api/types";
import { isCritical } from "@/features/results/value";

/** What makes a reviewer look twice, most serious first. */
export const differenceKinds = [
  "critical",
  "limits",
  "change",
  "corrected",
  "hold_time",
  "deviation",
  "retest",
  "warning",
  "external",
  "remark",
] as const;
export type Difference = (typeof differenceKinds)[number];

/** A change against the previous result that is worth a look: half as much again, or half. */
const CHANGE = 0.5;

/** Relative change against the previous result (0.5 is +50 %); null when either is not a number. */
export function changeOf(result: Result): number | null {
  const now = Number(result.value);
  const before = Number(result.previous?.value);
  if (!result.value || !result.previous?.value || !Number.isFinite(now) || !Number.isFinite(before) || before === 0)
    return null;
  // "< 0.02" after "< 0.02" is no change, and against a number it tells too little.
  if (result.detection !== "=" || /^[<>≤≥]/.test(result.previous.display ?? "")) return null;
  return (now - before) / Math.abs(before);
}

export function differencesOf(result: Result): Difference[] {
  const found = new Set<Difference>();
  if (isCritical(result.flags)) found.add("critical");
  else if (
    result.flags.some((flag) => flag === "L" || flag === "H" || flag === "LL" || flag === "HH") ||
    result.statement === "fail"
  )
    found.add("limits");
  const change = changeOf(result);
  if (change !== null && (change >= CHANGE || change <= -CHANGE)) found.add("change");
  if (result.reason) found.add("corrected");
  if (result.hold_time?.exceeded) found.add("hold_time");
  if (result.deviation) found.add("deviation");
  if (result.retest_of) found.add("retest");
  if (
    result.flags.some((flag) => flag === "warn_low" || flag === "warn_high") ||
    result.statement === "conditional_pass" ||
    result.statement === "conditional_fail"
  )
    found.add("warning");
  if (result.origin === "external") found.add("external");
  if (result.remark) found.add("remark");
  return differenceKinds.filter((kind) => found.has(kind));
}

/** Clean: nothing to look at twice. A remark or another laboratory's name is information, not a doubt. */
export function isClean(result: Result): boolean {
  return differencesOf(result).every((kind) => kind === "remark" || kind === "external");
}

/** Differences first, the most serious at the top; within that, samples stay together. */
export function inReviewOrder(results: readonly Result[]): Result[] {
  const rank = (result: Result) => {
    const worst = differencesOf(result)[0];
    return isClean(result) || worst === undefined ? differenceKinds.length : differenceKinds.indexOf(worst);
  };
  return results.toSorted(
    (a, b) =>
      rank(a) - rank(b) ||
      a.sample.accession_number.localeCompare(b.sample.accession_number) ||
      a.test.name.localeCompare(b.test.name),
  );
}
