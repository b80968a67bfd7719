import * as v from "valibot";

/** The address of a catalogue list: what is searched for, and the record that is open, or "new". */
export const catalogueSearch = v.object({
  q: v.optional(v.pipe(v.unknown(), v.transform(String))),
  change: v.optional(v.string()),
});
export type CatalogueSearch = v.InferOutput<typeof catalogueSearch>;
