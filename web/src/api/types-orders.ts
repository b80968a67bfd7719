/** Orders, and what is changed afterwards: samples, patients, the catalogue; see `types.ts`. */
import type {
  Client,
  DateOnly,
  Id,
  NewPatient,
  NewSample,
  Patient,
  Person,
  Priority,
  Ref,
  Resource,
  SampleSummary,
  SampleType,
  Specification,
  Test,
  Time,
} from "./types";

export type OrderStatus = "open" | "completed" | "cancelled";
export interface Order extends Resource {
  number: string;
  status: OrderStatus;
  client: Ref | null;
  patient: { id: Id; name: string | null } | null;
  requester: string | null;
  external_id: string | null;
  priority: Priority;
  decision_rule: Specification["decision_rule"] | null;
  cancel_reason: string | null;
  samples: SampleSummary[];
}
export interface NewOrder {
  client_id?: Id;
  patient_id?: Id;
  requester?: string;
  external_id?: string;
  priority?: Priority;
  decision_rule?: Specification["decision_rule"];
  samples: NewSample[];
}
export interface SampleChange {
  client_reference?: string | null;
  description?: string | null;
  collected_at?: Time | null;
  collected_by?: string | null;
  collection_place?: string | null;
  priority?: Priority;
  remark?: string | null;
  reason?: string;
}
export type PatientChange = Partial<Pick<Patient, "phone" | "email" | "birth_date">> &
  Partial<Pick<NewPatient, "family_name" | "given_name" | "sex" | "identifiers" | "unknown_patient">>;

export type ClientChange = Partial<Pick<Client, "name" | "code" | "address" | "email" | "phone" | "active">>;
export type SampleTypeData = Pick<
  SampleType,
  "name" | "matrix" | "requires_temperature" | "temperature_min" | "temperature_max" | "containers" | "active"
>;
export type TestData = Omit<Test, keyof Resource>;
export type SpecificationData = Omit<Specification, keyof Resource>;

export interface PanelData {
  name: string;
  code: string | null;
  test_ids: Id[];
  active: boolean;
}

export interface Competence {
  id: Id;
  user: Person;
  test: Ref;
  valid_from: DateOnly;
  valid_until: DateOnly | null;
  created_at: Time;
  created_by: Person | null;
}
export interface NewCompetences {
  user_id: Id;
  test_ids: Id[];
  valid_from: DateOnly;
  valid_until?: DateOnly;
}
