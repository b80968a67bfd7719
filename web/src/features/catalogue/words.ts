import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import type { ResultType, Specification, SpecificationLimit, Test } from "@/api/types";
import { ageOn, type AgeUnit } from "./age";
import type { LimitNumber } from "./limits";

/** Catalogue values as people say them. */
export function useCatalogueWords() {
  const { t } = useLingui();
  const resultTypes: Record<ResultType, string> = {
    numeric: t`Number`,
    coded: t`From a list`,
    text: t`Text`,
    range: t`Range`,
    titre: t`Titre`,
  };
  const rules: Record<Specification["decision_rule"], string> = {
    none: t`No statement`,
    simple: t`Simple acceptance`,
    guard_band: t`Guard band`,
  };
  /** The age that begins on that day of life. In Polish it stands after "from" and "under". */
  const age = (day: number) => {
    const { count, unit } = ageOn(day);
    return {
      years: t`${plural(count, { one: "# year", other: "# years" })}`,
      months: t`${plural(count, { one: "# month", other: "# months" })}`,
      days: t`${plural(count, { one: "# day", other: "# days" })}`,
    }[unit];
  };
  const limitNumbers: Record<LimitNumber, string> = {
    low: t`Lower limit`,
    high: t`Upper limit`,
    warn_low: t`Warning below`,
    warn_high: t`Warning above`,
    critical_low: t`Critical below`,
    critical_high: t`Critical above`,
    guard_band: t`Guard band`,
  };
  return {
    resultType: (type: ResultType) => resultTypes[type],
    rule: (rule: Specification["decision_rule"]) => rules[rule],
    kind: (kind: Specification["kind"]) => (kind === "specification" ? t`Specification` : t`Reference range`),
    judge: (judge: Specification["judge"]) =>
      judge === "rounded" ? t`The rounded value is judged` : t`The unrounded value is judged`,
    uncertainty: ({ uncertainty, unit }: Test) =>
      uncertainty
        ? `± ${uncertainty.value}${uncertainty.kind === "percent" ? " %" : ` ${unit}`} (k = ${uncertainty.k})`
        : null,
    hours: (hours: number | null) => (hours === null ? null : hours % 24 === 0 ? t`${hours / 24} d` : t`${hours} h`),
    limitNumber: (field: LimitNumber) => limitNumbers[field],
    ageUnit: (unit: AgeUnit) => ({ years: t`years`, months: t`months`, days: t`days` })[unit],
    forWhom: (limit: Pick<SpecificationLimit, "sex" | "age_min_days" | "age_max_days">) => {
      const sex = limit.sex === "female" ? t`women` : limit.sex === "male" ? t`men` : null;
      const from = limit.age_min_days === null ? null : age(limit.age_min_days);
      // The last day is included: whoever is a day older is the first whom it does not concern.
      const under = limit.age_max_days === null ? null : age(limit.age_max_days + 1);
      const ages =
        from !== null && under !== null
          ? t`from ${from} to under ${under}`
          : from !== null
            ? t`from ${from}`
            : under !== null
              ? t`under ${under}`
              : null;
      return [sex, ages].filter(Boolean).join(", ") || t`everybody`;
    },
  };
}
