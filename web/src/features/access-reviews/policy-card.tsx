import { useLingui } from "@lingui/react/macro";
import { NumberField } from "@/features/security/number-field";
import { Card } from "@/ui/page";

/** The bounds that the server keeps too. */
export const REVIEW_BOUNDS = {
  every_days: [30, 366],
  answer_within_days: [1, 60],
  unused_after_days: [30, 366],
} as const;
export type ReviewNumber = keyof typeof REVIEW_BOUNDS;

/** How often it is reviewed who has access. */
export function PolicyCard({
  locked,
  field,
}: {
  locked: boolean;
  field: (key: ReviewNumber) => Pick<Parameters<typeof NumberField>[0], "value" | "onChange" | "error" | "readOnly">;
}) {
  const { t } = useLingui();
  return (
    <Card id="access-reviews" title={t`Reviews of who has access`}>
      <fieldset className="flex flex-col gap-4" disabled={locked}>
        <legend className="sr-only">{t`Reviews of who has access`}</legend>
        <NumberField
          label={t`Days from one review to the next`}
          hint={t`90 are four reviews a year.`}
          bounds={REVIEW_BOUNDS.every_days}
          {...field("every_days")}
        />
        <NumberField
          label={t`Days to finish a review`}
          hint={t`Then it is overdue, and whoever manages users is told again.`}
          bounds={REVIEW_BOUNDS.answer_within_days}
          {...field("answer_within_days")}
        />
        <NumberField
          label={t`Days without use until deactivation is proposed`}
          hint={t`Only proposed: a person decides.`}
          bounds={REVIEW_BOUNDS.unused_after_days}
          {...field("unused_after_days")}
        />
      </fieldset>
    </Card>
  );
}
