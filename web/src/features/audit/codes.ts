import { useLingui } from "@lingui/react/macro";
import type { MessageDescriptor } from "@lingui/core";
import type { Condition, Priority, ResultType } from "@/api/types";
import { useCatalogueWords } from "@/features/catalogue/words";
import { reportStatuses } from "@/features/reports/status";
import { conditions, priorities, resultStatuses, sampleStatuses } from "@/features/samples/status";
import { LANGUAGES } from "@/i18n";

interface Look {
  label: MessageDescriptor;
}

/** Values that the ledger keeps as codes, in the words of the screens; undefined for what is no code. */
export function useCodeWords(): (path: string, code: string) => string | undefined {
  const { t, i18n } = useLingui();
  const catalogue = useCatalogueWords();
  const orders: Record<string, string> = {
    open: t({ message: "Open", context: "order" }),
    requested: t`Asked for`,
    done: t`Done`,
  };
  const looks: Record<string, Look | undefined> = { ...sampleStatuses, ...reportStatuses, ...resultStatuses };
  const look = (one: Look | undefined) => one && i18n._(one.label);
  return (path, code) => {
    switch (path.slice(path.lastIndexOf("/") + 1)) {
      case "status":
        return orders[code] ?? look(looks[code]);
      case "condition":
        return look(conditions[code as Condition]);
      case "priority":
        return look(priorities[code as Priority]);
      case "kind":
        return {
          final: t`Final`,
          preliminary: t`Preliminary`,
          testing: t`Testing laboratory`,
          medical: t`Medical laboratory`,
          specification: t`Specification`,
          reference_range: t`Reference range`,
        }[code];
      case "language":
        return LANGUAGES.find((each) => each.id === code)?.name;
      case "decision_rule":
        return catalogue.rule(code as "none" | "simple" | "guard_band");
      case "judge":
        return code === "rounded" ? t`rounded` : code === "unrounded" ? t`unrounded` : undefined;
      case "result_type":
        return catalogue.resultType(code as ResultType);
      case "sex":
        return { female: t`Female`, male: t`Male`, unknown: t({ message: "Unknown", context: "sex" }) }[code];
      default:
        return undefined;
    }
  };
}
