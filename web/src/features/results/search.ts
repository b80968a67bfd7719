import * as v from "valibot";

/** The work list's filters as they stand in the address bar. */
export const worklistSearch = v.object({
  show: v.optional(v.fallback(v.optional(v.picklist(["pending", "entered", "both"])), undefined)),
  layout: v.optional(v.fallback(v.optional(v.picklist(["table", "list"])), undefined)),
  test_id: v.optional(v.string()),
  sample_id: v.optional(v.string()),
  q: v.optional(v.fallback(v.optional(v.pipe(v.unknown(), v.transform(String))), undefined)),
});
export type WorklistSearch = v.InferOutput<typeof worklistSearch>;
