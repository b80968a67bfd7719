/** The platform and its support, from the interface's document, see `generated.ts`. */
import type { Generated } from "./generated";

type Answer<O extends string> = Generated<O>["answer"];
type Each<A> = A extends { items: (infer I)[] } ? I : never;

/** A laboratory from outside. */
export type PlatformLaboratory = Answer<"GET /platform/laboratories/{id}">;
/** An operator's own invitation. */
export type SupportInvitation = Each<Answer<"GET /platform/support-access">>;
/** An invitation as the laboratory sees it. */
export type SupportAccess = Answer<"GET /support-access/{id}">;
