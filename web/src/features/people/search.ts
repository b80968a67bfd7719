import * as v from "valibot";

/** The filters of the list of users as they stand in the address bar. */
export const userSearch = v.object({
  q: v.optional(v.fallback(v.optional(v.pipe(v.unknown(), v.transform(String))), undefined)),
  show: v.optional(v.fallback(v.optional(v.picklist(["inactive", "all"])), undefined)),
  role_id: v.optional(v.string()),
});
export type UserSearch = v.InferOutput<typeof userSearch>;

/** What is looked for on the page of a person's rights. */
export const accessSearch = v.object({
  q: v.optional(v.fallback(v.optional(v.pipe(v.unknown(), v.transform(String))), undefined)),
  show: v.optional(v.fallback(v.optional(v.picklist(["held", "missing", "exceptions"])), undefined)),
});

const side = v.optional(v.string());
/** Whom the comparison sets side by side: "role:<id>" or "user:<id>". */
export const compareSearch = v.object({
  left: side,
  right: side,
  all: v.optional(v.fallback(v.optional(v.boolean()), undefined)),
});
