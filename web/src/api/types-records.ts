/** Reports, the audit trail and people, as the screens know them; see `types.ts`. */
import type {
  Detection,
  Flag,
  Id,
  Language,
  LaboratoryKind,
  Person,
  Ref,
  ReportStatus,
  Resource,
  ResultStatus,
  Time,
} from "./types";

export interface EnterBody {
  value: string;
  detection?: Detection;
  limit_kind?: "LOD" | "LOQ" | "range";
  dilution_factor?: string;
  instrument_id?: Id;
  measured_at?: Time;
  remark?: string;
  deviation?: string;
  reason?: string;
  reason_code?: string;
}
export interface ResultVersion {
  version: number;
  status: ResultStatus;
  value: string | null;
  typed: string | null;
  detection: Detection | null;
  display: string | null;
  flags: Flag[];
  entered_by: Person | null;
  entered_at: Time | null;
  reason: string | null;
  remark: string | null;
  action: string;
}
export interface NoticeBody {
  told: string;
  channel: "phone" | "in_person" | "message";
  read_back: boolean;
  reached: boolean;
  note?: string;
}

/** What of a report's content the screens show. */
export interface ReportContent {
  samples?: { accession_number: string; results?: { id: Id; test: string; display: string | null; unit: string }[] }[];
}
export interface Report extends Resource {
  number: string;
  version_no: number;
  kind: "preliminary" | "final";
  status: ReportStatus;
  under_correction: boolean;
  language: Language;
  client: Ref | null;
  patient: { id: Id; name: string | null } | null;
  samples: { id: Id; accession_number: string }[];
  remarks: string | null;
  opinions: { text: string }[] | null;
  pending_tests: string[];
  /** SHA-256 of the draft's content, lower-case hex; sent back with the signature. */
  content_sha256: string;
  /** The exact content that is rendered and signed; null for whoever may not see the patient. */
  content?: ReportContent | null;
  authorization: { by: Person; title: string | null; meaning: string; at: Time } | null;
  released_at: Time | null;
  released_by: Person | null;
  amends: { id: Id; number: string; version_no: number } | null;
  amended_by: { id: Id; number: string; version_no?: number } | null;
  amendment_reason: string | null;
  withdrawn_reason: string | null;
  verification_code: string | null;
  public_url: string | null;
  document_sha256: string | null;
  proof?: { index: number; checkpoint: string } | null;
}
export interface Delivery {
  id: Id;
  to: string;
  channel: "email" | "post" | "portal" | "in_person";
  note: string | null;
  at?: Time;
  created_at?: Time;
  by?: Person | null;
  created_by?: Person | null;
}

export interface AuditChange {
  path: string;
  from?: unknown;
  to?: unknown;
  label: string;
}
export interface SealedChange {
  subject: string;
  path: string;
  from?: string | null;
  to?: string | null;
  label?: string;
  opening?: { from?: unknown; to?: unknown } | null;
}
export interface AuditEvent {
  /** Its place in the ledger; null until it is sequenced, at most about a second. */
  index: number | null;
  id: Id;
  at: Time;
  actor: {
    kind: "user" | "service" | "operator" | "system" | "anonymous";
    id?: Id | null;
    name?: string | null;
    session?: string | null;
    assurance: string;
  };
  action: string;
  object: { type: string; id: string; version?: number | null; label?: string | null };
  sentence: string;
  reason?: { code?: string | null; text?: string | null } | string | null;
  changes: AuditChange[];
  sealed: SealedChange[];
  source: { ip?: string | null; request_id?: string | null; user_agent?: string | null } | null;
  signature?: { meaning: string; content_sha256: string; method: string } | null;
  /** The exact bytes of the ledger's entry, base64. */
  entry: string;
}
export interface AuditProof {
  index: number;
  leaf_hash: string;
  tree_size: number;
  path: string[];
  checkpoint: string;
  entry: string;
  log_key: string;
}
export interface AuditExport {
  id: Id;
  status: "queued" | "running" | "ready" | "failed";
  /** 0 to 100. */
  progress: number;
  kind: "range" | "selection";
  first: number | null;
  last: number | null;
  count: number | null;
  parts: number | null;
  error: string | null;
  created_at: Time;
  created_by: Person | null;
}
export interface AuditExportBody {
  kind: "range" | "selection";
  from?: Time;
  to?: Time;
  /** A signed checkpoint that the receiver holds from before: the export proves that the log only grew since. */
  held_checkpoint?: string;
  filter?: { actor_id?: Id; action?: string; object_type?: string; object_id?: string };
}

export interface NewGrant {
  permission: string;
  effect: "allow" | "deny";
  reason: string;
  /** Ends by itself then. */
  until?: Time | null;
}
export interface Grant extends NewGrant {
  granted_by?: Person | null;
  granted_at?: Time | null;
}
export interface User extends Resource {
  email: string;
  name: string;
  title: string | null;
  language: Language;
  active: boolean;
  roles: Ref[];
  client_id: Id | null;
  grants: Grant[];
  last_login_at: Time | null;
  /** Has not chosen a password yet. */
  invited: boolean;
  second_factor: boolean;
}
export interface Role extends Resource {
  slug: string;
  name: string;
  description: string;
  builtin: boolean;
  editable: boolean;
  permissions: string[];
  user_count: number;
  /** Its holders sign in with a second factor. */
  second_factor: boolean;
}
export interface Permission {
  id: string;
  area: string;
  description: string;
}
export interface LaboratorySettings {
  four_eyes_verification: boolean;
  four_eyes_release: boolean;
  idle_minutes: number;
  accession_prefix: string;
  default_decision_rule: "none" | "simple" | "guard_band";
  password: PasswordSettings;
  access_review: AccessReviewSettings;
  second_factor: "by_role" | "off";
}
export interface PasswordSettings {
  min_length: number;
  composition: boolean;
  /** How many former passwords cannot be used again. */
  history: number;
  lockout_after: number;
  /** The laboratory's own words, which a password may not be made of. */
  blocklist: string[];
  change_initial: boolean;
}
/** How often it is reviewed who has access, in days. */
export interface AccessReviewSettings {
  every_days: number;
  answer_within_days: number;
  unused_after_days: number;
}
export type SettingsChange = Partial<Omit<LaboratorySettings, "password" | "access_review">> & {
  password?: Partial<PasswordSettings>;
  access_review?: Partial<AccessReviewSettings>;
};
export interface Laboratory extends Resource {
  slug: string;
  name: string;
  kind: LaboratoryKind;
  address: string | null;
  accreditation_number: string | null;
  contact: string | null;
  timezone: string;
  language: Language;
  log_key: string;
  settings: LaboratorySettings;
}
