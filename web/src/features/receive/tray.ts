import type { SampleSummary } from "@/api/types";
import { emptyReceipt, type Receipt } from "./receipt-fields";

/** One sample on the reception bench, with what was found about it. */
export interface TrayItem {
  sample: Pick<
    SampleSummary,
    | "id"
    | "accession_number"
    | "status"
    | "version"
    | "sample_type"
    | "client"
    | "patient"
    | "client_reference"
    | "priority"
  >;
  receipt: Receipt;
}

/** The same code twice within this time is the scanner's stutter, not a second sample. Milliseconds. */
export const SCAN_REPEAT = 2000;

/** Puts a sample on the tray, newest first; one that is there already stays as it is. */
export function addToTray(tray: readonly TrayItem[], sample: TrayItem["sample"]): TrayItem[] {
  if (tray.some((each) => each.sample.id === sample.id)) return [...tray];
  return [{ sample, receipt: emptyReceipt }, ...tray];
}

export function changeItem(tray: readonly TrayItem[], id: string, change: Partial<Receipt>): TrayItem[] {
  return tray.map((each) => (each.sample.id === id ? { ...each, receipt: { ...each.receipt, ...change } } : each));
}
