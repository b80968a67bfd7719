/** Who orders, what can be determined in what, and the limits it is judged by; see `types.ts`. */
import type { DateOnly, Dec, Id, Ref, Resource } from "./types";
import type { ResultType } from "./types-results";

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

export interface Instrument extends Resource {
  name: string;
  serial_number: string | null;
  /** The last day of its calibration; null when it needs none. */
  calibrated_until: DateOnly | null;
  active: boolean;
}
export type InstrumentData = Omit<Instrument, keyof Resource>;
export type ContainerData = Omit<Container, keyof Resource>;
export type LocationData = Omit<Location, keyof Resource>;
