import { useLingui } from "@lingui/react/macro";
import type { ResultType, Specification, SpecificationLimit, Test } from "@/api/types";

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
    forWhom: (limit: SpecificationLimit) => {
      const sex = limit.sex === "female" ? t`women` : limit.sex === "male" ? t`men` : null;
      const from = limit.age_min_days === null ? null : years(limit.age_min_days);
      const to = limit.age_max_days === null ? null : years(limit.age_max_days);
      const age =
        from !== null && to !== null
          ? t`${from} to ${to} y`
          : from !== null
            ? t`from ${from} y`
            : to !== null
              ? t`to ${to} y`
              : null;
      return [sex, age].filter(Boolean).join(", ") || t`everybody`;
    },
  };
}

const years = (days: number) => Math.round((days / 365.25) * 10) / 10;
