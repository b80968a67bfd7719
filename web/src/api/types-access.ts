/** How people and programs prove who they are, and what that opens; see `types.ts`. */
import type { Id, Person, Ref, Resource, Time } from "./types";
import type { Grant } from "./types-records";

/** What a session must set up before anything else opens. */
export type SetUp = "password" | "second_factor";
/** How a second factor can be shown. */
export type FactorMethod = "totp" | "passkey" | "recovery";
/** Options and credentials as WebAuthn writes them in JSON; the browser knows what is inside. */
export type WebAuthnJson = Record<string, unknown>;

export interface PasswordPolicy {
  min_length: number;
  max_length: number;
  composition: boolean;
  history: number;
}
export interface PasswordProblem {
  code: string;
  message: string;
}
export interface PasswordCheck {
  /** 0 to 4, as zxcvbn counts. */
  score: number;
  acceptable: boolean;
  problems: PasswordProblem[];
}
/** What a one-time link is for, told before it is used. */
export interface PasswordLink {
  purpose: "reset" | "invitation";
  laboratory: { slug: string; name: string };
  email: string;
  name: string;
  second_factor: boolean;
  expires_at: Time;
  password_policy: PasswordPolicy;
}

export interface Passkey {
  id: Id;
  name: string;
  created_at: Time;
  last_used_at: Time | null;
}
export interface Factors {
  totp: { enrolled_at: Time } | null;
  passkeys: Passkey[];
  recovery_codes_left: number;
  required: boolean;
}
export interface TotpOffer {
  /** Base32. */
  secret: string;
  /** otpauth:// */
  uri: string;
  qr_svg: string;
}
/** One way of proving that it is still the same person. */
export type Proof = { password: string } | { otp: string } | { passkey: WebAuthnJson };
export type Unlock = { pin: string } | { password: string } | { passkey: WebAuthnJson };

export interface Session {
  id: Id;
  created_at: Time;
  last_seen_at: Time;
  ip: string | null;
  /** The computer in short words, such as "Firefox 152, Linux". */
  device: string | null;
  user_agent: string | null;
  current: boolean;
  locked: boolean;
}

/** Why a permission is held: a role gives it, or it was given singly. */
export type Because =
  | { kind: "role"; id: Id; name: string }
  | { kind: "grant"; reason: string; by: Person | null; at: Time | null; until: Time | null };
export interface PermissionAccess {
  permission: string;
  held: boolean;
  because: Because[];
  denied_by?: { reason: string; by: Person | null; at: Time | null; until: Time | null } | null;
}
export interface Access {
  user: Ref;
  permissions: PermissionAccess[];
}
export interface Compared {
  kind: "role" | "user";
  id: Id;
  name: string;
}
export interface Comparison {
  left: Compared;
  right: Compared;
  permissions: { permission: string; left: boolean; right: boolean }[];
}

export interface ServiceAccount extends Resource {
  name: string;
  description: string;
  active: boolean;
  /** While the owner may not sign in, its tokens are refused. */
  owner: Person;
  owner_active: boolean;
  roles: Ref[];
  grants: Grant[];
  client_id: Id | null;
  addresses: string[];
  living_tokens: number;
  last_used_at: Time | null;
}
export interface NewServiceAccount {
  name: string;
  description?: string;
  owner_id: Id;
  role_ids: Id[];
  client_id?: Id;
  addresses?: string[];
}
export type ServiceAccountChange = Partial<{
  name: string;
  description: string;
  owner_id: Id;
  role_ids: Id[];
  client_id: Id | null;
  addresses: string[];
}>;
export interface ServiceToken {
  id: Id;
  label: string;
  /** Its first signs, by which it can be told from others. */
  prefix: string;
  created_at: Time;
  expires_at: Time;
  last_used_at: Time | null;
  last_used_ip: string | null;
  revoked_at: Time | null;
  replaced_by: Id | null;
}
/** The only moment in which the whole token is told; null when the same request is answered again. */
export interface NewToken extends ServiceToken {
  token: string | null;
}

export interface Separation {
  engine: "sqlite" | "postgresql";
  checked_at: Time;
  row_level_security: {
    applies: boolean;
    tables: number;
    enforced: number;
    missing: string[];
    outside: { name: string; why: string }[];
  };
  service_role: {
    name: string;
    superuser: boolean;
    bypasses_rls: boolean;
    owns_tables: boolean;
    may_change_audit: boolean;
  } | null;
  composite_keys: { tables: number; with_tenant_key: number; missing: string[] };
  append_only: { tables: { name: string; protected: boolean }[] };
  /** Without a neighbour the attempts went to ids that nobody has. */
  probe: { at: Time; neighbour: boolean; tried: { what: string; refused: boolean }[] };
  build: { version: string; matrix: { operations: number; roles: number; cells: number; digest: string } };
}
