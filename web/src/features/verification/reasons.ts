import { useLingui } from "@lingui/react/macro";
import type { Result } from "@/api/types";
import { useMay, useMe } from "@/session/session";

/** Whether this person may verify or return a result now; if not, why. The server decides; this spares the attempt. */
export function useReviewRules() {
  const { t } = useLingui();
  const me = useMe();
  const may = useMay();
  const own = (result: Result) => result.entered_by?.id === me.id && me.policy.four_eyes_verification;
  return {
    /** The enterer may verify it with a reason. */
    needsReason: (result: Result) => own(result) && result.test.self_verification_allowed,
    accept: (result: Result): string | undefined =>
      !may("result:verify")
        ? t`Your roles lack the permission result:verify.`
        : own(result) && !result.test.self_verification_allowed
          ? t`You entered this result; another person has to verify it.`
          : undefined,
    giveBack: (): string | undefined =>
      may("result:return") ? undefined : t`Your roles lack the permission result:return.`,
  };
}
