import type { Flag, Result } from "@/api/types";
import type { BatchItem, DraftField, ResultDraft } from "./drafts";
import { flagsOf, isCritical, type Reading, readValue } from "./value";
import { typedText } from "./worklist";

/** One result on the desk: what the server knows and what was typed over it. */
export interface Desk {
  result: Result;
  draft: ResultDraft | undefined;
  /** The text of each field as it stands now. */
  value: string;
  dilution: string;
  remark: string;
  reading: Reading;
  /** Of what is typed, or of the server's value when nothing is. */
  flags: readonly Flag[];
  travelling: boolean;
  /** Why it cannot be sent; null when it can. */
  trouble: "value" | "dilution" | "empty" | "stale" | "refused" | null;
  correction: boolean;
}

const factor = /^\d+(\.\d+)?$/;

export function deskOf(result: Result, draft: ResultDraft | undefined, travelling: boolean): Desk {
  const value = draft?.value ?? typedText(result);
  const dilution = draft?.dilution_factor ?? shownDilution(result);
  const reading = readValue(value, result.test);
  const typed = draft?.value !== undefined;
  const diluted = dilution !== "" && dilution !== "1" && factor.test(dilution);
  return {
    result,
    draft,
    value,
    dilution,
    remark: draft?.remark ?? result.remark ?? "",
    reading,
    // The dilution multiplies the value; the server does that exactly, so its flags are awaited.
    flags:
      typed || draft?.dilution_factor !== undefined
        ? diluted
          ? flagsOf(multiplied(reading, Number(dilution)), result.limits)
          : flagsOf(reading, result.limits)
        : result.flags,
    travelling,
    trouble: troubleOf(result, draft, reading, dilution),
    correction: result.status === "entered",
  };
}

function multiplied(reading: Reading, by: number): Reading {
  const { extent } = reading;
  return extent
    ? {
        ...reading,
        extent: {
          ...extent,
          low: extent.low === null ? null : extent.low * by,
          high: extent.high === null ? null : extent.high * by,
        },
      }
    : reading;
}

function troubleOf(
  result: Result,
  draft: ResultDraft | undefined,
  reading: Reading,
  dilution: string,
): Desk["trouble"] {
  if (!draft) return null;
  if (draft.error?.slug === "stale" || draft.version !== result.version) return "stale";
  if (reading.trouble) return "value";
  if (dilution !== "" && (!factor.test(dilution) || Number(dilution) <= 0)) return "dilution";
  if (reading.text === "") return "empty";
  return draft.error ? "refused" : null;
}

export function shownDilution(result: Result): string {
  return result.dilution_factor === null || result.dilution_factor === "1" ? "" : result.dilution_factor;
}

/** The text a field has without a draft. */
export function serverText(result: Result, field: DraftField): string {
  return field === "value" ? typedText(result) : field === "remark" ? (result.remark ?? "") : shownDilution(result);
}

/** Whether it can be sent as it stands; a value the server refused is sent again only after it was changed. */
export const sendable = (desk: Desk) => desk.draft !== undefined && !desk.travelling && desk.trouble === null;
export const needsAcknowledgement = (desk: Desk) => isCritical(desk.flags);

export function itemOf(desk: Desk, why: { reason: string; reason_code: string } | null): BatchItem {
  return {
    result_id: desk.result.id,
    version: desk.result.version,
    value: desk.reading.text,
    ...(desk.dilution !== "" ? { dilution_factor: desk.dilution } : {}),
    ...(desk.remark.trim() !== "" ? { remark: desk.remark.trim() } : {}),
    ...(desk.correction && why ? why : {}),
  };
}
