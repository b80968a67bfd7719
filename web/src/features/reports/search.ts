import * as v from "valibot";

/** The reports list's filters as they stand in the address bar. */
export const reportSearch = v.object({
  status: v.optional(v.fallback(v.optional(v.string()), undefined)),
  q: v.optional(v.fallback(v.optional(v.pipe(v.unknown(), v.transform(String))), undefined)),
  client_id: v.optional(v.string()),
  patient_id: v.optional(v.string()),
  sample_id: v.optional(v.string()),
  under_correction: v.optional(v.fallback(v.optional(v.boolean()), undefined)),
});
export type ReportSearch = v.InferOutput<typeof reportSearch>;
