import * as v from "valibot";
import type { SampleQuery, SampleStatus } from "@/api/types";
import { instantOf } from "@/session/clock";

const sorts = ["-created_at", "created_at", "-received_at", "accession_number"] as const;

/** The samples list's filters as they stand in the address bar. */
export const sampleSearch = v.object({
  status: v.optional(v.fallback(v.optional(v.string()), undefined)),
  q: v.optional(v.fallback(v.optional(v.pipe(v.unknown(), v.transform(String))), undefined)),
  client_id: v.optional(v.string()),
  patient_id: v.optional(v.string()),
  sample_type_id: v.optional(v.string()),
  received_from: v.optional(v.string()),
  received_to: v.optional(v.string()),
  sort: v.optional(v.fallback(v.optional(v.picklist(sorts)), undefined)),
});
export type SampleSearch = v.InferOutput<typeof sampleSearch>;

/** Ready-made views over the list: one click each, and a name for what they show. */
export const sampleViews = [
  { id: "all", status: undefined },
  { id: "to_receive", status: "registered" },
  { id: "in_work", status: "received,in_progress" },
  { id: "completed", status: "completed" },
  { id: "reported", status: "reported" },
  { id: "closed", status: "rejected,cancelled,disposed" },
] as const satisfies readonly { id: string; status: string | undefined }[];

export function statusesOf(search: SampleSearch): SampleStatus[] {
  return (search.status?.split(",").filter(Boolean) ?? []) as SampleStatus[];
}

/** The query to send: days of the laboratory's calendar become instants. */
export function sampleQuery(search: SampleSearch, timezone: string): SampleQuery {
  return {
    ...search,
    received_from: dayStart(search.received_from, 0, timezone),
    received_to: dayStart(search.received_to, 1, timezone),
  };
}

function dayStart(day: string | undefined, add: number, timezone: string): string | undefined {
  if (!day) return undefined;
  const date = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return undefined;
  date.setUTCDate(date.getUTCDate() + add);
  return instantOf(date.toISOString().slice(0, 10), timezone) ?? undefined;
}
