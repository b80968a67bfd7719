import { useLingui } from "@lingui/react/macro";
import type { AuditEvent } from "@/api/types-records";
import { type ReasonCode, useReasonWords } from "@/features/results/reason-choice";
import { useTime } from "@/session/time";
import { useCodeWords } from "./codes";
import { abbreviated, isUuid, timesIn } from "./plain";

export const objectTypes = [
  "sample",
  "result",
  "report",
  "order",
  "client",
  "patient",
  "user",
  "role",
  "session",
  "test",
  "panel",
  "specification",
  "sample_type",
  "instrument",
  "laboratory",
  "ledger",
  "audit_export",
] as const;

/** Names and values of the trail as a person reads them; `names` knows what records are called. */
export function useAuditWords(names?: ReadonlyMap<string, string>) {
  const { t } = useLingui();
  const time = useTime();
  const codes = useCodeWords();
  const reasons = useReasonWords();
  const types: Record<string, string> = {
    sample: t`Sample`,
    result: t`Result`,
    report: t`Report`,
    order: t({ message: "Order", context: "of tests" }),
    client: t`Client`,
    patient: t`Patient`,
    user: t`User`,
    role: t`Role`,
    session: t`Sign-in`,
    test: t`Test`,
    panel: t`Panel`,
    specification: t`Specification`,
    sample_type: t`Sample type`,
    instrument: t`Instrument`,
    laboratory: t`Laboratory`,
    ledger: t`Ledger`,
    audit_export: t`Audit export`,
  };
  const text = (one: string, path: string): string =>
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(one)
      ? time.dateTime(one)
      : isUuid(one)
        ? (names?.get(one) ?? abbreviated(one))
        : (codes(path, one) ?? one);
  const value = (one: unknown, path = ""): string => {
    if (one === null || one === undefined || one === "") return "–";
    if (typeof one === "boolean") return one ? t`yes` : t`no`;
    if (typeof one === "string")
      // Lists of records arrive as one text.
      return one.split(", ").every(isUuid)
        ? one
            .split(", ")
            .map((each) => text(each, path))
            .join(", ")
        : text(one, path);
    if (typeof one === "number") return String(one);
    if (Array.isArray(one)) return one.length === 0 ? "–" : one.map((each) => value(each, path)).join(", ");
    return JSON.stringify(one);
  };
  return {
    type: (name: string) => types[name] ?? name.replaceAll("_", " "),
    value,
    /** A sentence of the ledger with its times in the laboratory's time. */
    sentence: (sentence: string) => timesIn(sentence, time.dateTime),
    reason: (reason: AuditEvent["reason"]): string | null => {
      if (!reason) return null;
      if (typeof reason === "string") return reason;
      const code = reason.code ? (reasons[reason.code as ReasonCode] ?? reason.code.replaceAll("_", " ")) : null;
      return [code, reason.text].filter((part, at, all) => part && all.indexOf(part) === at).join(": ") || null;
    },
    actor: ({ actor }: AuditEvent): string =>
      actor.name ??
      {
        user: t`A user`,
        service: t`A service account`,
        operator: t`The platform's operator`,
        system: t`The system`,
        anonymous: t`Somebody not signed in`,
      }[actor.kind],
    assurance: (kind: string): string =>
      ({
        password: t`signed in with a password`,
        mfa: t`signed in with a second factor`,
        token: t`with a token`,
        system: t`by itself`,
        none: t`not signed in`,
      })[kind] ?? kind,
  };
}
