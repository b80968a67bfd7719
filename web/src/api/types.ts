import type { PasswordPolicy, SetUp } from "./types-access";

/**
 * The resources as the screens know them. Written from the interface contract until `openapi/attest.json` is
 * committed; then each name becomes an alias of the generated schema (see CONTRIBUTING.md, "The typed client").
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

export type Priority = "routine" | "urgent" | "stat";
export type SampleStatus =
  | "registered"
  | "received"
  | "in_progress"
  | "completed"
  | "reported"
  | "rejected"
  | "cancelled"
  | "disposed";
export type Condition = "acceptable" | "compromised" | "unacceptable";

export interface SampleSummary {
  id: Id;
  accession_number: string;
  status: SampleStatus;
  sample_type: Ref;
  client: Ref | null;
  /** The name is null for a reader without `patient:read`. */
  patient: { id: Id; name: string | null } | null;
  client_reference: string | null;
  collected_at: Time | null;
  received_at: Time | null;
  priority: Priority;
  created_at: Time;
  updated_at: Time;
  version: number;
  counts: { pending: number; entered: number; verified: number; cancelled: number };
  critical_open: number;
  has_deviation: boolean;
}
export interface Sample extends SampleSummary {
  order: { id: Id; number: string } | null;
  container: Ref | null;
  location: Ref | null;
  description: string | null;
  collected_by: string | null;
  collection_place: string | null;
  remark: string | null;
  condition: Condition | null;
  condition_note: string | null;
  temperature_c: Dec | null;
  deviations: string[];
  received_by: Person | null;
  created_by: Person | null;
  results: Result[];
  reports: { id: Id; number: string; status: ReportStatus }[];
  specification: Ref | null;
  rejected_reason: string | null;
}
export interface NewSample {
  order_id?: Id;
  client_id?: Id;
  patient_id?: Id;
  sample_type_id: Id;
  container_id?: Id;
  client_reference?: string;
  description?: string;
  collected_at?: Time;
  collected_by?: string;
  collection_place?: string;
  test_ids?: Id[];
  panel_ids?: Id[];
  priority?: Priority;
  remark?: string;
  specification_id?: Id;
}
export interface ReceiveBody {
  condition: Condition;
  condition_note?: string;
  temperature_c?: Dec;
  deviations?: string[];
  received_at?: Time;
  location_id?: Id;
}
export interface SampleQuery extends ListQuery {
  status?: string;
  client_id?: Id;
  patient_id?: Id;
  sample_type_id?: Id;
  received_from?: Time;
  received_to?: Time;
  q?: string;
  sort?: "-created_at" | "created_at" | "-received_at" | "accession_number";
}
export interface ListQuery {
  limit?: number;
  after?: string;
  updated_since?: Time;
}
export interface TimelineEntry {
  at: Time;
  action: string;
  actor: Person | null;
  sentence: string;
  reason?: string | null;
  index?: number | null;
  event_id: Id;
}

export type ResultStatus = "pending" | "entered" | "verified" | "retracted" | "cancelled";
export type ResultType = "numeric" | "coded" | "text" | "range" | "titre";
export type Detection = "=" | "<" | ">" | "ND";
export type Flag = "L" | "H" | "LL" | "HH" | "critical_low" | "critical_high" | "warn_low" | "warn_high";
export type Statement = "pass" | "conditional_pass" | "conditional_fail" | "fail" | "no_statement";

export interface Limits {
  low: Dec | null;
  high: Dec | null;
  warn_low: Dec | null;
  warn_high: Dec | null;
  critical_low: Dec | null;
  critical_high: Dec | null;
  text: string | null;
  source: Ref | null;
}
export interface Result {
  id: Id;
  sample: { id: Id; accession_number: string; version: number };
  test: {
    id: Id;
    code: string;
    name: string;
    analyte: string;
    method: string;
    unit: string;
    decimals: number | null;
    result_type: ResultType;
    codes: string[] | null;
    lod: Dec | null;
    loq: Dec | null;
    accredited: boolean;
    self_verification_allowed: boolean;
  };
  status: ResultStatus;
  version: number;
  value: string | null;
  typed: string | null;
  detection: Detection | null;
  limit_kind: "LOD" | "LOQ" | "range" | null;
  dilution_factor: Dec | null;
  display: string | null;
  unit: string;
  uncertainty: string | null;
  origin: "measured" | "calculated" | "external";
  provider: string | null;
  flags: Flag[];
  statement: Statement | null;
  limits: Limits | null;
  instrument: Ref | null;
  measured_at: Time | null;
  remark: string | null;
  deviation: string | null;
  entered_by: Person | null;
  entered_at: Time | null;
  verified_by: Person | null;
  verified_at: Time | null;
  self_verified: boolean;
  reason: string | null;
  retest_of: Id | null;
  hold_time: { due_at: Time; exceeded: boolean } | null;
  previous?: { value: string | null; display: string | null; at: Time; accession_number: string } | null;
  due_at: Time | null;
  updated_at: Time;
  created_at: Time;
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
export interface CriticalNotice {
  id: Id;
  result_id: Id;
  sample: { id: Id; accession_number: string };
  test: Ref;
  /** Null for a reader who may not see it. */
  value: string | null;
  unit?: string;
  /** Closed: corrected or taken back before anybody was told. */
  status: "open" | "notified" | "acknowledged" | "closed";
  opened_at: Time;
  attempts: {
    at: Time;
    by: Person;
    told: string;
    channel: string;
    read_back: boolean;
    reached: boolean;
    note: string | null;
  }[];
  escalated_at: Time | null;
}

export interface Client extends Resource {
  name: string;
  code: string | null;
  address: string | null;
  email: string | null;
  phone: string | null;
  active: boolean;
}
export interface NewClient {
  name: string;
  code?: string;
  address?: string;
  email?: string;
  phone?: string;
}
export interface SampleType extends Resource {
  name: string;
  matrix: string | null;
  requires_temperature: boolean;
  temperature_min: Dec | null;
  temperature_max: Dec | null;
  containers: string | null;
  active: boolean;
}
export interface Container extends Resource {
  name: string;
  volume: string | null;
  additive: string | null;
  active: boolean;
}
export interface Location extends Resource {
  name: string;
  description: string | null;
  active: boolean;
}
export interface Test extends Resource {
  code: string;
  name: string;
  analyte: string;
  fraction: string | null;
  basis: string | null;
  method: string;
  unit: string;
  specimen: string | null;
  result_type: ResultType;
  decimals: number | null;
  significant_figures: number | null;
  codes: string[] | null;
  lod: Dec | null;
  loq: Dec | null;
  uncertainty: { value: Dec; kind: "absolute" | "percent"; k: Dec } | null;
  hold_time_hours: number | null;
  turnaround_hours: number | null;
  accredited: boolean;
  loinc: string | null;
  ucum: string | null;
  self_verification_allowed: boolean;
  active: boolean;
}
export interface Panel extends Resource {
  name: string;
  code: string | null;
  tests: Ref[];
  active: boolean;
}
export interface SpecificationLimit {
  test_id: Id;
  sex: "female" | "male" | null;
  age_min_days: number | null;
  age_max_days: number | null;
  low: Dec | null;
  high: Dec | null;
  warn_low: Dec | null;
  warn_high: Dec | null;
  critical_low: Dec | null;
  critical_high: Dec | null;
  guard_band: Dec | null;
  text: string | null;
}
export interface Specification extends Resource {
  name: string;
  sample_type_id: Id | null;
  client_id: Id | null;
  kind: "specification" | "reference_range";
  decision_rule: "none" | "simple" | "guard_band";
  judge: "rounded" | "unrounded";
  active: boolean;
  limits: SpecificationLimit[];
}
export type Sex = "female" | "male" | "unknown";
export interface Patient extends Resource {
  family_name: string;
  given_name: string;
  birth_date: DateOnly | null;
  sex: Sex;
  identifiers: { system: string; value: string }[];
  phone: string | null;
  email: string | null;
  unknown_patient: boolean;
  merged_into: Id | null;
  /** Nothing is known about the person any more. */
  erased_at: Time | null;
}
export interface PatientDuplicate {
  id: Id;
  family_name: string;
  given_name: string;
  birth_date: DateOnly | null;
}
export interface NewPatient {
  family_name: string;
  given_name: string;
  birth_date?: DateOnly;
  sex: Sex;
  identifiers: { system: string; value: string }[];
  phone?: string;
  email?: string;
  unknown_patient?: boolean;
}
