import * as v from "valibot";
import { instantOf } from "@/session/clock";

/** The trail's filters as they stand in the address bar; days of the laboratory's calendar. */
export const auditSearch = v.object({
  action: v.optional(v.string()),
  actor_id: v.optional(v.string()),
  object_type: v.optional(v.string()),
  object_id: v.optional(v.string()),
  from: v.optional(v.string()),
  to: v.optional(v.string()),
});
export type AuditSearch = v.InferOutput<typeof auditSearch>;

export function auditQuery(search: AuditSearch, timezone: string) {
  return { ...search, from: dayStart(search.from, 0, timezone), to: dayStart(search.to, 1, timezone) };
}

/** The first instant of a day, or of the day after it. */
export function dayStart(day: string | undefined, add: 0 | 1, timezone: string): string | undefined {
  const date = new Date(`${day}T00:00:00Z`);
  if (!day || Number.isNaN(date.getTime())) return undefined;
  date.setUTCDate(date.getUTCDate() + add);
  return instantOf(date.toISOString().slice(0, 10), timezone) ?? undefined;
}

export function prune(search: AuditSearch): AuditSearch {
  return Object.fromEntries(
    Object.entries(search).filter(([, value]) => value !== undefined && value !== ""),
  ) as AuditSearch;
}
