import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { CheckCheck, CircleCheckBig, LoaderCircle, TriangleAlert, UserRound } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { useAct, useApiPages } from "@/api/queries";
import type { Result } from "@/api/types";
import { FlagMark } from "@/features/results/marks";
import { useKeys } from "@/shell/shortcuts";
import { Button } from "@/ui/button";
import { cx } from "@/ui/cx";
import { useMedia } from "@/ui/media";
import { ErrorState, Skeleton, StateMessage } from "@/ui/states";
import { BulkDialog } from "./bulk";
import { ResultReview } from "./review";
import { DifferencePills } from "./difference-pills";
import { inReviewOrder, isClean } from "./differences";
import { useReviewRules } from "./reasons";
import { ReturnDialog, SelfVerifyDialog } from "./dialogs";

/** Results one queue is read up to. */
const MOST = 1000;

/** Everything entered and not verified, differences first; the keyboard goes through it. */
export function VerificationQueue({ testId, q }: { testId: string | undefined; q: string | undefined }) {
  const { t } = useLingui();
  const pages = useApiPages(
    "GET /results",
    { query: { status: "entered", test_id: testId, q, sort: "created_at", include: "previous" } },
    200,
  );
  const { rows, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = pages;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError && rows.length < MOST) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, rows.length, fetchNextPage]);
  const queue = useMemo(() => inReviewOrder(rows), [rows]);

  if (pages.error && rows.length === 0)
    return <ErrorState error={pages.error} onRetry={() => void pages.refetch()} className="border-t border-line" />;
  if (pages.isPending)
    return (
      <div aria-busy className="grid flex-1 gap-px border-t border-line lg:grid-cols-[26rem_1fr]">
        <div className="flex flex-col gap-4 bg-surface p-4">
          {Array.from({ length: 8 }, (_, index) => (
            <Skeleton key={index} className="h-10 w-full" />
          ))}
        </div>
        <Skeleton className="m-6 hidden h-64 lg:block" />
      </div>
    );
  if (queue.length === 0)
    return (
      <StateMessage
        className="flex-1 border-t border-line bg-surface"
        icon={<CircleCheckBig />}
        title={testId || q ? t`No result matches these filters` : t`Nothing waits to be verified`}
      >
        <Trans>Results appear here as soon as they are entered.</Trans>
      </StateMessage>
    );
  return <Queue queue={queue} />;
}

function Queue({ queue }: { queue: readonly Result[] }) {
  const { t } = useLingui();
  const rules = useReviewRules();
  const verify = useAct("POST /results/{id}/verify");
  const [chosen, setChosen] = useState<string | null>(null);
  const [busy, setBusy] = useState<ReadonlySet<string>>(new Set());
  const [errors, setErrors] = useState<Readonly<Record<string, unknown>>>({});
  const [asking, setAsking] = useState<"return" | "self" | "bulk" | null>(null);
  const wide = useMedia("(min-width: 64rem)");
  const position = Math.max(
    0,
    queue.findIndex((each) => each.id === chosen),
  );
  const result = queue[position];
  const list = useRef<HTMLDivElement>(null);
  const clean = queue.filter((each) => isClean(each) && !rules.accept(each) && !rules.needsReason(each));

  const move = (step: number) => {
    const next = queue[Math.min(Math.max(position + step, 0), queue.length - 1)];
    if (next) setChosen(next.id);
  };
  useEffect(() => {
    list.current?.querySelector('[aria-current="true"]')?.scrollIntoView({ block: "nearest" });
  }, [result?.id]);

  /** The next one is shown at once; what the server refuses stays in the list and says why. */
  const accept = (reason?: string) => {
    if (!result || busy.has(result.id)) return;
    const { id, version } = result;
    setBusy((now) => new Set([...now, id]));
    setErrors((now) => Object.fromEntries(Object.entries(now).filter(([each]) => each !== id)));
    const next = queue[position + 1] ?? queue[position - 1];
    if (next) setChosen(next.id);
    verify.mutate(
      { path: { id }, body: reason ? { reason } : {}, options: { version } },
      {
        onError: (error) => setErrors((now) => ({ ...now, [id]: error })),
        onSettled: () => setBusy((now) => new Set([...now].filter((each) => each !== id))),
      },
    );
  };
  const tryAccept = () => {
    if (!result || rules.accept(result)) return;
    if (rules.needsReason(result)) setAsking("self");
    else accept();
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    a: tryAccept,
    r: () => result && !rules.giveBack() && setAsking("return"),
    A: () => clean.length > 0 && setAsking("bulk"),
  });

  const different = queue.filter((each) => !isClean(each)).length;
  const review = result && (
    <ResultReview
      key={result.id}
      result={result}
      error={errors[result.id]}
      busy={busy.has(result.id)}
      onAccept={tryAccept}
      onReturn={() => setAsking("return")}
      acceptReason={rules.accept(result)}
      returnReason={rules.giveBack()}
    />
  );
  return (
    <div className="flex min-h-0 flex-1 border-t border-line">
      <div className="flex w-full min-w-0 flex-col bg-surface lg:w-[26rem] lg:shrink-0 lg:border-e lg:border-line">
        <div className="flex min-h-12 flex-wrap items-center gap-2 border-b border-line px-4 py-1.5">
          <p className="min-w-0 flex-1 text-muted">
            <Plural value={different} one="# to look at" other="# to look at" />,{" "}
            <Plural value={queue.length - different} one="# clean" other="# clean" />
          </p>
          <Button
            icon={<CheckCheck />}
            shortcut="⇧A"
            onClick={() => setAsking("bulk")}
            disabledReason={clean.length > 0 ? undefined : t`There is nothing clean that you may verify.`}
          >
            <Trans>Accept the clean ones</Trans>
          </Button>
        </div>
        <div ref={list} className="relative min-h-0 flex-1 overflow-y-auto">
          <ol aria-label={t`Results to verify`}>
            {queue.map((each, index) => (
              <li key={each.id} className="border-b border-line">
                <QueueRow
                  result={each}
                  current={each.id === result?.id}
                  busy={busy.has(each.id)}
                  failed={errors[each.id] !== undefined}
                  own={Boolean(rules.accept(each)) || rules.needsReason(each)}
                  onChoose={() => setChosen(each.id)}
                  position={index + 1}
                />
                {!wide && each.id === result?.id && <div className="border-t border-line bg-canvas">{review}</div>}
              </li>
            ))}
          </ol>
        </div>
      </div>
      {wide && (
        <section aria-label={t`The result to verify`} className="relative min-w-0 flex-1 overflow-y-auto">
          {review}
        </section>
      )}
      {asking === "return" && result && (
        <ReturnDialog result={result} onClose={() => setAsking(null)} onDone={() => move(1)} />
      )}
      {asking === "self" && result && (
        <SelfVerifyDialog
          result={result}
          onClose={() => setAsking(null)}
          onVerify={(reason) => {
            setAsking(null);
            accept(reason);
          }}
        />
      )}
      {asking === "bulk" && <BulkDialog results={clean} onClose={() => setAsking(null)} />}
    </div>
  );
}

function QueueRow({
  result,
  current,
  busy,
  failed,
  own,
  onChoose,
  position,
}: {
  result: Result;
  current: boolean;
  busy: boolean;
  failed: boolean;
  own: boolean;
  onChoose: () => void;
  position: number;
}) {
  const { t } = useLingui();
  return (
    <button
      type="button"
      aria-current={current ? "true" : undefined}
      data-position={position}
      onClick={onChoose}
      className={cx(
        "flex w-full flex-col gap-1 px-4 py-2.5 text-start focus-visible:-outline-offset-2",
        current ? "bg-selected shadow-[inset_3px_0_0_var(--color-accent)]" : "hover:bg-hover",
        busy && "opacity-50",
      )}
    >
      <span className="flex w-full items-center gap-2">
        <span className="min-w-0 flex-1 truncate font-medium">{result.test.name}</span>
        {own && <UserRound role="img" aria-label={t`Entered by you`} className="size-3.5 shrink-0 text-muted" />}
        {busy && (
          <LoaderCircle
            role="img"
            aria-label={t`Being verified`}
            className="size-4 shrink-0 animate-spin text-accent"
          />
        )}
        {failed && (
          <TriangleAlert role="img" aria-label={t`Could not be verified`} className="size-4 shrink-0 text-red" />
        )}
        {result.flags.slice(0, 1).map((flag) => (
          <FlagMark key={flag} flag={flag} />
        ))}
        <span className="mono shrink-0 font-semibold">{result.display ?? result.value}</span>
        <span className="shrink-0 text-xs text-muted">{result.unit}</span>
      </span>
      <span className="flex w-full min-w-0 items-center gap-2">
        <span className="mono shrink-0 text-muted">{result.sample.accession_number}</span>
        <span className="flex min-w-0 flex-1 justify-end gap-1">
          <DifferencePills
            result={result}
            most={1}
            without={result.flags.length > 0 ? "critical" : undefined}
            counted
          />
        </span>
      </span>
    </button>
  );
}
