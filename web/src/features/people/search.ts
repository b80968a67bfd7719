import * as v from "valibot";

/** The filters of the list of users as they stand in the address bar. */
export const userSearch = v.object({
  q: v.optional(v.fallback(v.optional(v.pipe(v.unknown(), v.transform(String))), undefined)),
  show: v.optional(v.fallback(v.optional(v.picklist(["inactive", "all"])), undefined)),
  role_id: v.optional(v.string()),
});
export type UserSearch = v.InferOutput<typeof userSearch>;
