import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Bot, CheckCheck, LoaderCircle, Signature, TriangleAlert, UserRound } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useAct } from "@/api/queries";
import type { AccessReview, AccessReviewItem } from "@/api/types-access";
import { useMay } from "@/session/session";
import { useKeys } from "@/shell/shortcuts";
import { Button } from "@/ui/button";
import { cx } from "@/ui/cx";
import { useMedia } from "@/ui/media";
import { Pill } from "@/ui/pill";
import { DeactivateDialog, FinishDialog, KeepAllDialog } from "./dialogs";
import { DecisionPill } from "./decision-pill";
import { AccountReview } from "./item";
import { isPlain, nextOpen } from "./words";

/** Accounts that the server takes at once. */
const AT_ONCE = 500;

/** An open review: everybody in one list, the doubtful first; the keyboard goes through it. */
export function Deciding({ review }: { review: AccessReview }) {
  const { t } = useLingui();
  const may = useMay();
  const { items } = review;
  const keep = useAct("POST /access-reviews/{id}/decisions");
  const [chosen, setChosen] = useState<string | null>(() => nextOpen(items, -1)?.user_id ?? null);
  const [busy, setBusy] = useState<ReadonlySet<string>>(new Set());
  const [errors, setErrors] = useState<Readonly<Record<string, unknown>>>({});
  const [asking, setAsking] = useState<"deactivate" | "all" | "finish" | null>(null);
  const wide = useMedia("(min-width: 64rem)");
  const list = useRef<HTMLDivElement>(null);
  const position = Math.max(
    0,
    items.findIndex((each) => each.user_id === chosen),
  );
  const item = items[position];
  const plain = items.filter(isPlain).slice(0, AT_ONCE);
  const decided = review.accounts - review.undecided;
  const manages = may("user:manage");
  const lockedFor = (each: AccessReviewItem) =>
    !manages
      ? t`Your roles lack the permission ${"user:manage"}.`
      : each.decidable
        ? undefined
        : t`This is your own access; somebody else who may manage users decides on it.`;

  useEffect(() => {
    list.current?.querySelector('[aria-current="true"]')?.scrollIntoView({ block: "nearest" });
  }, [item?.user_id]);
  const move = (step: number) => {
    const next = items[Math.min(Math.max(position + step, 0), items.length - 1)];
    if (next) setChosen(next.user_id);
  };
  const goOn = () => {
    const next = nextOpen(items, position);
    if (next) setChosen(next.user_id);
  };
  /** The next one is shown at once; what the server refuses stays in the list and says why. */
  const accept = () => {
    if (!item || busy.has(item.user_id) || lockedFor(item)) return;
    const { user_id, version } = item;
    setBusy((now) => new Set([...now, user_id]));
    setErrors((now) => Object.fromEntries(Object.entries(now).filter(([each]) => each !== user_id)));
    goOn();
    keep.mutate(
      { path: { id: review.id }, body: { items: [{ user_id, decision: "keep", version }] } },
      {
        onError: (error) => setErrors((now) => ({ ...now, [user_id]: error })),
        onSettled: () => setBusy((now) => new Set([...now].filter((each) => each !== user_id))),
      },
    );
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    // A key that slips must not let somebody in again: what is decided is changed with the button.
    a: () => item?.decision === null && accept(),
    r: () => item && !lockedFor(item) && setAsking("deactivate"),
    A: () => plain.length > 0 && setAsking("all"),
  });

  const detail = item && (
    <AccountReview
      key={item.user_id}
      review={review}
      item={item}
      busy={busy.has(item.user_id)}
      error={errors[item.user_id]}
      locked={lockedFor(item)}
      onKeep={accept}
      onDeactivate={() => setAsking("deactivate")}
    />
  );
  return (
    <div className="flex min-h-0 flex-1 border-t border-line">
      <div className="flex w-full min-w-0 flex-col bg-surface lg:w-[26rem] lg:shrink-0 lg:border-e lg:border-line">
        <div className="flex flex-col gap-2 border-b border-line px-4 py-2.5">
          <div className="flex items-center gap-3">
            <p className="min-w-0 flex-1 text-muted">
              <Trans>
                {decided} of {review.accounts} decided
              </Trans>
            </p>
            <Button
              tone="primary"
              icon={<Signature />}
              onClick={() => setAsking("finish")}
              disabledReason={
                !manages
                  ? t`Your roles lack the permission ${"user:manage"}.`
                  : review.undecided > 0
                    ? t`Decide on every account first.`
                    : undefined
              }
            >
              <Trans>Finish…</Trans>
            </Button>
          </div>
          <progress
            className="h-1.5 w-full overflow-hidden rounded-full [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-accent [&::-moz-progress-bar]:bg-accent"
            aria-label={t`Accounts decided on`}
            max={review.accounts}
            value={decided}
          />
          <Button
            icon={<CheckCheck />}
            shortcut="⇧A"
            onClick={() => setAsking("all")}
            disabledReason={plain.length > 0 ? undefined : t`Nothing is left that could be kept without a look.`}
          >
            <Plural value={plain.length} one="Keep # as proposed…" other="Keep # as proposed…" />
          </Button>
        </div>
        <div ref={list} className="relative min-h-0 flex-1 overflow-y-auto">
          <ol aria-label={t`Accounts`}>
            {items.map((each) => (
              <li key={each.user_id} className="border-b border-line">
                <Row
                  item={each}
                  current={each.user_id === item?.user_id}
                  busy={busy.has(each.user_id)}
                  failed={errors[each.user_id] !== undefined}
                  onChoose={() => setChosen(each.user_id)}
                />
                {!wide && each.user_id === item?.user_id && (
                  <div className="border-t border-line bg-canvas">{detail}</div>
                )}
              </li>
            ))}
          </ol>
        </div>
      </div>
      {wide && (
        <section aria-label={t`The account`} className="relative min-w-0 flex-1 overflow-y-auto">
          {detail}
        </section>
      )}
      {asking === "deactivate" && item && (
        <DeactivateDialog
          review={review}
          item={item}
          onClose={() => setAsking(null)}
          onDone={() => {
            setAsking(null);
            goOn();
          }}
        />
      )}
      {asking === "all" && <KeepAllDialog review={review} items={plain} onClose={() => setAsking(null)} />}
      {asking === "finish" && (
        <FinishDialog review={review} onClose={() => setAsking(null)} onDone={() => setAsking(null)} />
      )}
    </div>
  );
}

function Row({
  item,
  current,
  busy,
  failed,
  onChoose,
}: {
  item: AccessReviewItem;
  current: boolean;
  busy: boolean;
  failed: boolean;
  onChoose: () => void;
}) {
  const { t } = useLingui();
  const service = item.kind === "service";
  return (
    <button
      type="button"
      aria-current={current ? "true" : undefined}
      onClick={onChoose}
      className={cx(
        "flex w-full flex-col gap-1 px-4 py-2.5 text-start focus-visible:-outline-offset-2",
        current ? "bg-selected shadow-[inset_3px_0_0_var(--color-accent)]" : "hover:bg-hover",
        busy && "opacity-50",
      )}
    >
      <span className="flex w-full items-center gap-2">
        {service ? (
          <Bot role="img" aria-label={t`Service account`} className="size-4 shrink-0 text-muted" />
        ) : (
          <UserRound role="img" aria-label={t`Person`} className="size-4 shrink-0 text-muted" />
        )}
        <span className="min-w-0 flex-1 truncate font-medium">{item.account.name}</span>
        {busy && (
          <LoaderCircle
            role="img"
            aria-label={t`Being recorded`}
            className="size-4 shrink-0 animate-spin text-accent"
          />
        )}
        {failed && (
          <TriangleAlert role="img" aria-label={t`Could not be recorded`} className="size-4 shrink-0 text-red" />
        )}
        {item.decision === null && item.proposal === "deactivate" ? (
          <Pill tone="amber" icon={<TriangleAlert aria-hidden />}>
            <Trans>Deactivate?</Trans>
          </Pill>
        ) : (
          <DecisionPill decision={item.decision} />
        )}
      </span>
      <span className="w-full truncate ps-6 text-xs text-muted">
        {item.account.roles.join(", ") || <Trans>no role</Trans>}
      </span>
    </button>
  );
}
