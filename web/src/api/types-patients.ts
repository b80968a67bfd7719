/** Whose specimens a medical laboratory has; see `types.ts`. */
import type { DateOnly, Id, Resource, Time } from "./types";

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
