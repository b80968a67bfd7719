import { useLingui } from "@lingui/react/macro";
import type { Desk } from "./desk";

/** What the desk says about a cell, in words. */
export function useDeskWords() {
  const { t } = useLingui();
  return {
    limit: (kind: "critical_low" | "low" | "warn_low" | "warn_high" | "high" | "critical_high") =>
      ({
        critical_low: t`Critical below`,
        low: t`Lower limit`,
        warn_low: t`Warning below`,
        warn_high: t`Warning above`,
        high: t`Upper limit`,
        critical_high: t`Critical above`,
      })[kind],
    trouble: (desk: Desk): string | null => {
      if (desk.travelling) return null;
      switch (desk.trouble) {
        case "value":
          return desk.reading.trouble === "no_lod"
            ? t`The test has no limit of detection; type the limit as a number, like <0.02.`
            : desk.reading.trouble === "no_loq"
              ? t`The test has no limit of quantification; type the limit as a number, like <0.02.`
              : desk.reading.trouble === "not_a_code"
                ? t`This is not one of the choices.`
                : t`This is not a number. Write it like 0.012, 1.2e3, <0.02, <LOD or ND.`;
        case "dilution":
          return t`The dilution factor is a number above 0.`;
        case "empty":
          return t`A value is needed before this can be saved.`;
        case "stale":
          return t`Somebody changed this result while you were typing.`;
        case "refused":
          return desk.draft?.error?.message || t`The server refused this value.`;
        default:
          return null;
      }
    },
  };
}
