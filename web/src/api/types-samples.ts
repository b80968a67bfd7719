/** A sample from registration to its report; see `types.ts`. */
import type { Dec, Id, ListQuery, Person, Ref, ReportStatus, Time } from "./types";
import type { Result } from "./types-results";

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
export interface TimelineEntry {
  at: Time;
  action: string;
  actor: Person | null;
  sentence: string;
  reason?: string | null;
  index?: number | null;
  event_id: Id;
}
