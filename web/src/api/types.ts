import type { PasswordPolicy, SetUp } from "./types-access";

/**
 * The resources as the screens know them, by subject: what all of them share and who is signed in stand here, the rest in
 * `types-*.ts`. New ones are aliases of the generated schema (see CONTRIBUTING.md, "The typed client").
 */
export type Id = string;
/** RFC 3339, UTC. */
export type Time = string;
/** YYYY-MM-DD. */
export type DateOnly = string;
/** A decimal number as text: its digits are kept. */
export type Dec = string;

export interface Ref {
  id: Id;
  name: string;
}
export type Person = Ref;
export interface List<T> {
  items: T[];
  next: string | null;
}
export interface Resource {
  id: Id;
  created_at: Time;
  created_by: Person | null;
  updated_at: Time;
  version: number;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  request_id?: string;
  errors?: FieldProblem[];
  [extension: string]: unknown;
}
export interface FieldProblem {
  path: string;
  code: string;
  message: string;
}

export type Language = "en" | "pl";
export type LaboratoryKind = "testing" | "medical";

export interface Me {
  id: Id;
  email: string;
  name: string;
  title: string | null;
  language: Language;
  roles: Ref[];
  permissions: string[];
  laboratory: {
    id: Id;
    slug: string;
    name: string;
    /** The platform's people are in a realm of their own. */
    realm?: "laboratory" | "platform";
    kind: LaboratoryKind;
    timezone: string;
    language?: Language;
    demonstration: boolean;
  };
  /** Support of the platform is in the laboratory, on its invitation. */
  support_access?: { operator: string; until: Time; you: boolean } | null;
  session: { id: Id; expires_at: Time; idle_timeout_seconds: number; step_up_until: Time | null };
  csrf_token: string | null;
  policy: {
    four_eyes_verification: boolean;
    four_eyes_release: boolean;
    idle_minutes: number;
    password: PasswordPolicy;
    second_factor: "by_role" | "off";
  };
  /** While not empty, nothing but one's own account opens. */
  must: SetUp[];
  locked: boolean;
  has_pin: boolean;
  has_passkey: boolean;
  has_password: boolean;
  /** The identity provider that the account is linked with, as its button says. */
  sign_on: string | null;
  /** Of what was typed and not sent; taken out before anything else sees the person. */
  draft_key?: string | null;
}
export interface LoginBody {
  email: string;
  password: string;
  laboratory?: string;
  mode?: "token" | "cookie";
  otp?: string;
}
export interface LoginAnswer {
  access_token?: string | null;
  refresh_token?: string | null;
  token_type?: string;
  expires_in: number;
  csrf_token?: string | null;
  user: Me;
}
export interface BootstrapBody {
  token: string;
  laboratory: {
    name: string;
    slug: string;
    kind: LaboratoryKind;
    timezone: string;
    language: Language;
    address: string;
  };
  administrator: { email: string; name: string; password: string };
}

export interface ListQuery {
  limit?: number;
  after?: string;
  updated_since?: Time;
}

export type ReportStatus = "draft" | "authorized" | "released" | "superseded" | "withdrawn";

export interface Work {
  to_receive: number;
  to_enter: number;
  to_verify: number;
  to_authorize: number;
  to_release: number;
  critical_open: number;
  overdue: number;
  under_correction: number;
  access_reviews: number;
  access_reviews_overdue: number;
  /** Asked for by others, and the reader could confirm. */
  two_person_requests: number;
}

export type * from "./types-catalogue";
export type * from "./types-patients";
export type * from "./types-results";
export type * from "./types-samples";
