import * as v from "valibot";

/** The filters of the list of orders as they stand in the address bar. */
export const orderSearch = v.object({
  status: v.optional(v.fallback(v.optional(v.picklist(["open", "completed", "cancelled"])), undefined)),
  q: v.optional(v.fallback(v.optional(v.pipe(v.unknown(), v.transform(String))), undefined)),
  client_id: v.optional(v.string()),
  patient_id: v.optional(v.string()),
});
export type OrderSearch = v.InferOutput<typeof orderSearch>;
