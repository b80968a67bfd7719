/*
 * Ages in reference ranges. The interface counts them in days, both ends included; laboratories write "from 18 years to under 60
 * years" or "under 28 days". A year is 365.25 days here, a month its twelfth, as in the demonstration's catalogue.
 */
export type AgeUnit = "years" | "months" | "days";
export const ageUnits = ["years", "months", "days"] as const;

/** Nobody is older; the interface takes no more days. */
export const AGE_MAX_DAYS = 54_787;

const quarters: Record<AgeUnit, readonly [days: number, over: number]> = {
  years: [1461, 4],
  months: [1461, 48],
  days: [1, 1],
};

/** The first day in a life on which somebody is that old. */
export function firstDay(count: number, unit: AgeUnit): number {
  const [days, over] = quarters[unit];
  return Math.ceil((count * days) / over);
}

/** The age that begins on that day, in the largest unit that says it exactly. */
export function ageOn(day: number): { count: number; unit: AgeUnit } {
  for (const unit of ["years", "months"] as const) {
    const [days, over] = quarters[unit];
    const count = Math.floor((day * over) / days);
    if (count > 0 && firstDay(count, unit) === day) return { count, unit };
  }
  return { count: day, unit: "days" };
}
