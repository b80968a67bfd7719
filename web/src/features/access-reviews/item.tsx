import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Check, CircleOff, Info, TriangleAlert } from "lucide-react";
import type { AccessReview, AccessReviewItem } from "@/api/types-access";
import { Button } from "@/ui/button";
import { Card, Facts, Notice } from "@/ui/page";
import { Pill } from "@/ui/pill";
import { ActError } from "@/ui/states";
import { TimeText } from "@/ui/time-text";
import { DecisionPill } from "./decision-pill";
import { useReviewWords } from "./words";

/** One account with all that a reviewer weighs, and the two answers. */
export function AccountReview({
  review,
  item,
  busy,
  error,
  locked,
  onKeep,
  onDeactivate,
}: {
  review: AccessReview;
  item: AccessReviewItem;
  busy: boolean;
  error: unknown;
  locked: string | undefined;
  onKeep: () => void;
  onDeactivate: () => void;
}) {
  const { t } = useLingui();
  const words = useReviewWords(review);
  const { account } = item;
  const proposed = item.proposal === "deactivate";
  return (
    <div className="flex flex-col">
      <div className="sticky top-0 z-10 flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-canvas px-4 py-3 lg:px-6">
        <div className="min-w-0 flex-1 basis-56">
          <h2 className="flex flex-wrap items-center gap-x-2 gap-y-1 text-lg font-semibold">
            <Account item={item} /> <DecisionPill decision={item.decision} />
          </h2>
          <p className="truncate text-muted">{account.email ?? t`Service account`}</p>
        </div>
        <div className="flex gap-2">
          <Button tone="danger" icon={<CircleOff />} shortcut="R" onClick={onDeactivate} disabledReason={locked}>
            <Trans>Deactivate…</Trans>
          </Button>
          <Button tone="primary" icon={<Check />} shortcut="A" onClick={onKeep} busy={busy} disabledReason={locked}>
            {item.decision === "deactivate" ? <Trans>Keep after all</Trans> : <Trans>Keep</Trans>}
          </Button>
        </div>
      </div>
      <div className="flex flex-col gap-4 p-4 lg:px-6">
        <ActError error={error} />
        {locked && review.status === "open" && (
          <Notice tone="amber" icon={<TriangleAlert aria-hidden />}>
            {locked}
          </Notice>
        )}
        <Notice
          tone={proposed ? "amber" : "accent"}
          icon={proposed ? <TriangleAlert aria-hidden /> : <Info aria-hidden />}
        >
          {proposed ? (
            <Trans>Proposed to deactivate: {words.grounds[item.ground]}</Trans>
          ) : (
            <Trans>Proposed to keep: {words.grounds[item.ground]}</Trans>
          )}
        </Notice>
        <div className="grid items-start gap-4 2xl:grid-cols-2">
          <Card id="access" title={t`What it opens`}>
            <Facts
              items={[
                [t`Roles`, account.roles.join(", ") || t`none`],
                item.roles_now !== null && [
                  t`Roles now`,
                  <span key="now" className="text-amber">
                    {item.roles_now.join(", ") || t`none`}
                  </span>,
                ],
                account.grants.length > 0 && [t`Single permissions`, <Grants key="grants" item={item} />],
                account.client !== null && [t`Client`, account.client],
                account.owner !== null && [t`Answers for it`, account.owner],
                item.kind === "person" && [t`Second factor`, account.second_factor ? t`yes` : t`no`],
              ]}
            />
            {item.changed.length > 0 && (
              <div className="mt-3 flex flex-wrap gap-1.5">
                {item.changed.map((change) => (
                  <Pill key={change} tone="amber">
                    {words.changes[change]}
                  </Pill>
                ))}
              </div>
            )}
          </Card>
          <Card id="use" title={t`How it is used`}>
            <Facts
              items={[
                [
                  item.kind === "person" ? t`Last sign-in` : t`Last use`,
                  account.last_used_at === null ? (
                    <span key="never">{t`never`}</span>
                  ) : (
                    <TimeText key="used" at={account.last_used_at} />
                  ),
                ],
                [t`Added`, <TimeText key="added" at={account.created_at} dateOnly />],
                item.decided_at !== null && [t`Decided`, <TimeText key="decided" at={item.decided_at} />],
                item.decided_by !== null && [t`Decided by`, item.decided_by.name],
                item.reason !== null && [t`Reason`, item.reason],
                item.own && [t`Own access`, t`nobody else could have decided`],
              ]}
            />
          </Card>
        </div>
      </div>
    </div>
  );
}

/** The account's name, leading to where its rights are explained. */
function Account({ item }: { item: AccessReviewItem }) {
  const className = "truncate hover:underline";
  return item.kind === "person" ? (
    <Link to="/users/$id/access" params={{ id: item.user_id }} className={className}>
      {item.account.name}
    </Link>
  ) : (
    <Link to="/service-accounts/$id" params={{ id: item.user_id }} className={className}>
      {item.account.name}
    </Link>
  );
}

function Grants({ item }: { item: AccessReviewItem }) {
  return (
    <ul>
      {item.account.grants.map((grant) => (
        <li key={grant.permission}>
          <code className="mono">{grant.permission}</code>{" "}
          {grant.effect === "deny" ? <Trans>taken</Trans> : <Trans>given</Trans>}
          {grant.until !== null && (
            <span className="text-muted">
              {" "}
              <Trans>
                until <TimeText at={grant.until} dateOnly />
              </Trans>
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
