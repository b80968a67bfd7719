import type { Dec, Flag, Limits, Result } from "@/api/types";

/** What of a test decides how its value is read. */
export type ValueRules = Pick<Result["test"], "result_type" | "decimals" | "codes" | "lod" | "loq" | "unit">;

export type ValueTrouble = "not_a_number" | "no_lod" | "no_loq" | "not_a_code";
/** What a typed value means here, before the server has the last word. */
export interface Reading {
  /** What will be sent: the same digits, with a point, without unit and spaces. */
  text: string;
  trouble?: ValueTrouble;
  /** Where the true value lies; null for codes and text. */
  extent: Extent | null;
  /** How it will stand on the report, rounded once. */
  display: string;
}
interface Extent {
  low: number | null;
  high: number | null;
  /** The end named by `<` or `>` does not belong to it. */
  open: boolean;
}

const notDetected = /^(nd|n\.\s?d\.|bdl|not detected|none detected|nw|n\.\s?w\.|nie wykryto|niewykryty)$/i;
const number = /^[-+]?\d+(\.\d+)?(e[-+]?\d{1,2})?$/i;

/**
 * Reads what was typed or pasted: decimal comma, digits grouped by spaces, the unit behind the number, `< 0.02`, `≤`, `<LOD`,
 * ND in the words of instruments. Digits are never added, dropped or rounded; the laboratory's rules (`domain`) decide again.
 */
export function readValue(typed: string, rules: ValueRules): Reading {
  const plain = typed.replace(/[\u00a0\u2007\u2009\u202f]/g, " ").trim();
  if (plain === "") return { text: "", extent: null, display: "" };
  if (rules.result_type === "coded") return readCode(plain, rules.codes ?? []);
  if (rules.result_type !== "numeric") return { text: plain, extent: null, display: plain };
  const tidy = tidyNumber(plain, rules.unit);
  if (notDetected.test(tidy)) {
    const limit = rules.lod ?? rules.loq;
    return { text: "ND", extent: limit ? { low: 0, high: Number(limit), open: true } : null, display: "ND" };
  }
  const match = /^(<=|>=|<|>)?\s*(.+)$/.exec(tidy);
  const sign = match?.[1] ?? "";
  const rest = match?.[2] ?? "";
  const named = /^(lod|loq|mdl|dl|ql|gw|go)$/i.exec(rest)?.[1]?.toUpperCase();
  if (sign.startsWith("<") && named) {
    const kind = /^(LOQ|QL|GO)$/.test(named) ? "LOQ" : "LOD";
    const limit = kind === "LOD" ? rules.lod : rules.loq;
    if (limit === null)
      return { text: `<${kind}`, trouble: kind === "LOD" ? "no_lod" : "no_loq", extent: null, display: tidy };
    return { text: `<${kind}`, extent: { low: 0, high: Number(limit), open: true }, display: `< ${limit}` };
  }
  if (!number.test(rest)) return { text: tidy, trouble: "not_a_number", extent: null, display: tidy };
  const value = Number(rest);
  if (sign.startsWith("<"))
    return {
      text: sign + rest,
      extent: { low: null, high: value, open: sign === "<" },
      display: `${sign === "<" ? "<" : "≤"} ${rest}`,
    };
  if (sign.startsWith(">"))
    return {
      text: sign + rest,
      extent: { low: value, high: null, open: sign === ">" },
      display: `${sign === ">" ? ">" : "≥"} ${rest}`,
    };
  const display = rules.decimals === null ? rest : roundHalfAway(rest, rules.decimals);
  return { text: rest, extent: { low: Number(display), high: Number(display), open: false }, display };
}

function tidyNumber(plain: string, unit: string): string {
  let text = plain.replaceAll("\u2212", "-").replaceAll("≤", "<=").replaceAll("≥", ">=");
  const fold = (some: string) => some.toLocaleLowerCase().replaceAll("μ", "µ");
  // The unit may follow with or without a space; "7.9 pH" and "0.012mg/l" alike.
  if (unit && fold(text).endsWith(fold(unit))) text = text.slice(0, text.length - unit.length).trim();
  text = text.replace(/(\d) (?=\d{3}(\D|$))/g, "$1");
  // "0,012" and "1.234,5" mean a comma; "1,234.5" means groups.
  if (/^\D*\d{1,3}(\.\d{3})+,\d+$/.test(text)) text = text.replaceAll(".", "").replace(",", ".");
  else if (/^\D*\d{1,3}(,\d{3})+\.\d+$/.test(text)) text = text.replaceAll(",", "");
  else if ((text.match(/,/g) ?? []).length === 1 && !text.includes(".")) text = text.replace(/(\d),(?=\d)/, "$1.");
  return text.replace(/^(<=|>=|<|>)\s+/, "$1");
}

function readCode(plain: string, codes: readonly string[]): Reading {
  const fold = plain.toLocaleLowerCase();
  const exact = codes.find((code) => code.toLocaleLowerCase() === fold);
  const starting = codes.filter((code) => code.toLocaleLowerCase().startsWith(fold));
  const code = exact ?? (starting.length === 1 ? starting[0] : undefined);
  return code === undefined
    ? { text: plain, trouble: "not_a_code", extent: null, display: plain }
    : { text: code, extent: null, display: code };
}

/** Rounds decimal text half away from zero (ISO 80000-1, rule B) and pads with zeros, exactly: no binary fractions. */
export function roundHalfAway(text: string, decimals: number): string {
  const [mantissa = "0", exponent = "0"] = text.toLowerCase().split("e");
  const negative = mantissa.startsWith("-");
  const [whole = "0", fraction = ""] = mantissa.replace(/^[-+]/, "").split(".");
  const shift = Number(exponent);
  const digits = whole + fraction;
  const point = whole.length + shift;
  const padded = point < 0 ? "0".repeat(-point) + digits : digits.padEnd(point, "0");
  const at = Math.max(point, 0);
  const keep = padded.slice(0, at) + padded.slice(at).padEnd(decimals, "0").slice(0, decimals) || "0";
  const up = padded.charAt(at + decimals) >= "5" ? 1n : 0n;
  const scaled = (BigInt(keep) + up).toString().padStart(decimals + 1, "0");
  const body = decimals === 0 ? scaled : `${scaled.slice(0, -decimals)}.${scaled.slice(-decimals)}`;
  return negative && /[1-9]/.test(body) ? `-${body}` : body;
}

/**
 * Flags as the laboratory's rules set them (`domain::judge`): only when the whole extent lies beyond the limit; a limit
 * itself is still within. Shown while typing; the server's flags replace them.
 */
export function flagsOf({ extent }: Reading, limits: Limits | null): Flag[] {
  if (!extent || !limits) return [];
  const below = (limit: Dec | null) =>
    limit !== null &&
    extent.high !== null &&
    (extent.high < Number(limit) || (extent.high === Number(limit) && extent.open));
  const above = (limit: Dec | null) =>
    limit !== null &&
    extent.low !== null &&
    (extent.low > Number(limit) || (extent.low === Number(limit) && extent.open && extent.high === null));
  const flags: Flag[] = [];
  if (below(limits.critical_low)) flags.push("LL", "critical_low");
  else if (below(limits.low)) flags.push("L");
  else if (below(limits.warn_low)) flags.push("warn_low");
  if (above(limits.critical_high)) flags.push("HH", "critical_high");
  else if (above(limits.high)) flags.push("H");
  else if (above(limits.warn_high)) flags.push("warn_high");
  return flags;
}

export const isCritical = (flags: readonly Flag[]) =>
  flags.some((flag) => flag === "critical_low" || flag === "critical_high");
