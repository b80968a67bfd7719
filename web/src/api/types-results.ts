/** Results, what they are judged by, and the critical ones that somebody is told of; see `types.ts`. */
import type { Dec, Id, Person, Ref, Time } from "./types";

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
