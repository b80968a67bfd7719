/** How people and programs prove who they are, and what that opens; from the interface's document, see `generated.ts`. */
import type { Generated } from "./generated";

type Answer<O extends string> = Generated<O>["answer"];
type Body<O extends string> = Generated<O> extends { body: infer B } ? B : never;
type Each<A> = A extends { items: (infer I)[] } ? I : never;

/** What a session must set up before anything else opens. */
export type SetUp = Answer<"GET /me">["must"][number];
export type PasswordPolicy = Answer<"GET /me">["policy"]["password"];
/** How a second factor can be shown. */
export type FactorMethod = "totp" | "passkey" | "recovery";
/** Options and credentials as WebAuthn writes them in JSON; the browser knows what is inside. */
export type WebAuthnJson = Record<string, unknown>;

export type PasswordCheck = Answer<"POST /auth/password/check">;
/** What a one-time link is for, told before it is used. */
export type PasswordLink = Answer<"POST /auth/password-reset/inspect">;
export type Factors = Answer<"GET /auth/mfa">;
export type Passkey = Factors["passkeys"][number];
export type TotpOffer = Answer<"POST /auth/mfa/totp">;
export type Unlock = Body<"POST /auth/unlock">;
/** With what a person comes back to a session that is parked at this computer. */
export type SwitchProof = Omit<Body<"POST /auth/workstation/switch">, "session_id">;
export type ParkedPerson = Answer<"GET /auth/workstation">["people"][number];
export type Session = Each<Answer<"GET /auth/sessions">>;
/** A session of anybody in the laboratory. */
export type LaboratorySession = Each<Answer<"GET /sessions">>;

export type Access = Answer<"GET /users/{id}/access">;
export type PermissionAccess = Access["permissions"][number];
export type Comparison = Answer<"GET /roles/compare">;
export type Compared = Comparison["left"];

export type ServiceAccount = Answer<"GET /service-accounts/{id}">;
/** A single permission beside the roles of a program. */
export type ServiceGrant = NonNullable<Body<"POST /service-accounts">["grants"]>[number];
export type ServiceToken = Each<Answer<"GET /service-accounts/{id}/tokens">>;
/** The only moment in which the whole token is told; null when the same request is answered again. */
export type NewToken = Answer<"POST /service-accounts/{id}/tokens">;

export type Webhook = Answer<"GET /webhooks/{id}">;
/** The only moment in which a webhook's secret is told. */
export type NewWebhook = Answer<"POST /webhooks">;
/** A message to a webhook, and what became of it. */
export type WebhookDelivery = Each<Answer<"GET /webhooks/{id}/deliveries">>;

export type AccessReview = Answer<"GET /access-reviews/{id}">;
/** An account in it, as it was when the review was opened. */
export type AccessReviewItem = AccessReview["items"][number];
export type AccessReviewSummary = Each<Answer<"GET /access-reviews">>;

/** What somebody asked for that takes two people. */
export type TwoPersonRequest = Each<Answer<"GET /two-person-requests">>;

/** The keys that sign the audit log. */
export type LogKeys = Answer<"GET /audit/keys">;
export type LogKey = LogKeys["keys"][number];
export type KeyRotation = LogKeys["rotations"][number];

export type Separation = Answer<"GET /laboratory/separation">;

/** What the sign-in page of a laboratory offers beside the password. */
export type SignOnOffer = Answer<"GET /auth/sign-on">;
export type AgainFor = Body<"POST /auth/sign-on/reauthenticate">["purpose"];
/** The identity provider that a laboratory trusts. */
export type SignOn = Answer<"GET /laboratory/sign-on">;
