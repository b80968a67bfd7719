import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useAct } from "@/api/queries";
import type { AccessReview, AccessReviewItem } from "@/api/types-access";
import { ActDialog } from "@/ui/act-dialog";
import { TextAreaField } from "@/ui/field";
import { Facts } from "@/ui/page";
import { ReasonDialog } from "@/ui/reason-dialog";
import { ScrollRegion } from "@/ui/scroll-region";
import { ActError } from "@/ui/states";

/** Begins a review that is not due yet. */
export function OpenDialog({ onClose, onDone }: { onClose: () => void; onDone: (review: AccessReview) => void }) {
  const { t } = useLingui();
  const act = useAct("POST /access-reviews");
  const [reason, setReason] = useState("");
  return (
    <ActDialog
      title={t`Begin a review of who has access`}
      description={t`Every active account is written down as it is now. Whoever may manage users is told by mail.`}
      label={t`Begin the review`}
      busy={act.isPending}
      onClose={onClose}
      onSubmit={() =>
        act.mutate({ body: reason.trim() === "" ? {} : { reason: reason.trim() } }, { onSuccess: onDone })
      }
    >
      <TextAreaField
        label={t`Reason`}
        hint={t`Optional; it stands on the record.`}
        rows={2}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <ActError error={act.error} />
    </ActDialog>
  );
}

/** Takes somebody's access away, now, and says why. */
export function DeactivateDialog({
  review,
  item,
  onClose,
  onDone,
}: {
  review: AccessReview;
  item: AccessReviewItem;
  onClose: () => void;
  onDone: () => void;
}) {
  const { t } = useLingui();
  const act = useAct("POST /access-reviews/{id}/decisions");
  const service = item.kind === "service";
  const unused = t`Not used any more`;
  const presets = service
    ? [unused, t`Replaced by another program`, t`Nobody answers for it`]
    : [t`Left the laboratory`, unused, t`Moved to other work`];
  return (
    <ReasonDialog
      danger
      title={t`Deactivate ${item.account.name}`}
      description={
        service
          ? t`All its tokens stop working with the next request.`
          : t`They are signed out everywhere with the next request.`
      }
      presets={presets}
      initial={item.reason ?? (item.ground === "unused" || item.ground === "never_used" ? unused : "")}
      label={t`Deactivate`}
      busy={act.isPending}
      error={act.error}
      onClose={onClose}
      onSubmit={(reason) =>
        act.mutate(
          {
            path: { id: review.id },
            body: { items: [{ user_id: item.user_id, decision: "deactivate", reason, version: item.version }] },
          },
          { onSuccess: onDone },
        )
      }
    />
  );
}

/** Confirms together what nothing speaks against: each is named, and each is recorded by itself. */
export function KeepAllDialog({
  review,
  items,
  onClose,
}: {
  review: AccessReview;
  items: readonly AccessReviewItem[];
  onClose: () => void;
}) {
  const { t } = useLingui();
  const act = useAct("POST /access-reviews/{id}/decisions");
  // As it was when the dialog opened; somebody else may be deciding too.
  const [these] = useState(items);
  const submit = () =>
    act.mutate(
      {
        path: { id: review.id },
        body: {
          items: these.map((each) => ({ user_id: each.user_id, decision: "keep" as const, version: each.version })),
        },
      },
      { onSuccess: onClose },
    );
  const label = t`Keep them`;
  return (
    <ActDialog
      wide
      title={t`Keep what is proposed to stay`}
      description={
        <Plural
          value={these.length}
          one="# account is in use or new, and nothing about it has changed. Read the list: your name stands beside it."
          other="# accounts are in use or new, and nothing about them has changed. Read the list: your name stands beside each."
        />
      }
      label={label}
      busy={act.isPending}
      onClose={onClose}
      onSubmit={submit}
    >
      <ScrollRegion label={t`Accounts`} className="max-h-[45vh] overflow-y-auto rounded-md border border-line">
        <ul>
          {these.map((each) => (
            <li key={each.user_id} className="border-b border-line px-3 py-2 last:border-0">
              <span className="font-medium">{each.account.name}</span>
              <span className="block text-xs text-muted">
                {each.account.roles.join(", ") || <Trans>no role</Trans>}
              </span>
            </li>
          ))}
        </ul>
      </ScrollRegion>
      <ActError error={act.error} />
    </ActDialog>
  );
}

/** The end: a signed record with this person's name on it. */
export function FinishDialog({
  review,
  onClose,
  onDone,
}: {
  review: AccessReview;
  onClose: () => void;
  onDone: () => void;
}) {
  const { t } = useLingui();
  const act = useAct("POST /access-reviews/{id}/finish");
  return (
    <ActDialog
      title={t`Finish review ${review.number}`}
      description={t`The record is made and signed, and goes into the audit trail. Nothing of it can be changed afterwards.`}
      label={t`Sign the record`}
      busy={act.isPending}
      onClose={onClose}
      onSubmit={() =>
        act.mutate({ path: { id: review.id }, body: {}, options: { version: review.version } }, { onSuccess: onDone })
      }
    >
      <Facts
        items={[
          [t`Accounts`, review.accounts],
          [t`Kept`, review.kept],
          [t`Deactivated`, review.deactivated],
        ]}
      />
      <ActError error={act.error} />
    </ActDialog>
  );
}
