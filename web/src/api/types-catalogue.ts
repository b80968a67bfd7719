/** What of the catalogue is only named and described: instruments, containers, places; see `types.ts`. */
import type { Container, DateOnly, Location, Resource } from "./types";

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
