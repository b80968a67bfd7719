import { useLingui } from "@lingui/react/macro";
import type { Sample } from "@/api/types";
import { sampleStatuses } from "./status";

type Act = "receive" | "reject" | "cancel" | "addTests" | "edit" | "relink" | "dispose";

/**
 * Why an act cannot be done now, in words, or undefined when it can. The server decides; this only spares a person the
 * attempt, so it follows the workflow of product.md and no finer rule.
 */
export function useSampleReasons(
  sample: Pick<Sample, "status" | "counts">,
  may: (permission: string) => boolean,
): Partial<Record<Act, string>> {
  const { t, i18n } = useLingui();
  const { status, counts } = sample;
  const state = i18n._(sampleStatuses[status].label).toLocaleLowerCase(i18n.locale);
  const closed =
    status === "rejected" || status === "cancelled" || status === "disposed" ? t`The sample is ${state}.` : undefined;
  const missing = (permission: string) =>
    may(permission) ? undefined : t`Your roles lack the permission ${permission}.`;
  return {
    receive:
      missing("sample:receive") ?? closed ?? (status === "registered" ? undefined : t`It has been received already.`),
    reject:
      missing("sample:reject") ??
      closed ??
      (status === "completed" || status === "reported"
        ? t`Its results are complete; retract them instead.`
        : undefined),
    cancel:
      missing("sample:cancel") ??
      closed ??
      (counts.entered + counts.verified > 0 ? t`It has results already; reject it instead.` : undefined),
    edit: missing("sample:edit") ?? closed,
    relink: missing("sample:relink") ?? closed,
    dispose:
      missing("sample:dispose") ??
      (status === "disposed"
        ? closed
        : ["completed", "reported", "rejected", "cancelled"].includes(status)
          ? undefined
          : t`Its work is not finished.`),
    addTests: (may("sample:edit") || may("sample:register") ? undefined : missing("sample:edit")) ?? closed,
  };
}
