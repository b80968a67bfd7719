import { Trans, useLingui } from "@lingui/react/macro";
import {
  ArrowRightLeft,
  Ban,
  CircleCheckBig,
  CircleX,
  Dot,
  Eye,
  type LucideIcon,
  PackageCheck,
  PackagePlus,
  Paperclip,
  PenLine,
  RotateCcw,
  ScrollText,
  Siren,
} from "lucide-react";
import { useApi } from "@/api/queries";
import type { TimelineEntry } from "@/api/types";
import { timesIn } from "@/features/audit/plain";
import { useTime } from "@/session/time";
import { ErrorState, Skeleton } from "@/ui/states";
import { TimeText } from "@/ui/time-text";

const icons: readonly (readonly [RegExp, LucideIcon])[] = [
  [/^file/, Paperclip],
  [/regist|creat|add/, PackagePlus],
  [/receiv/, PackageCheck],
  [/reject/, CircleX],
  [/cancel/, Ban],
  [/critical/, Siren],
  [/verif/, CircleCheckBig],
  [/return|retract/, RotateCcw],
  [/relink|merge/, ArrowRightLeft],
  [/enter|correct|edit|chang|updat/, PenLine],
  [/report|author|release/, ScrollText],
  [/view|read|look/, Eye],
];

/** Everything that happened to a sample, newest first, in the ledger's own sentences. */
export function Timeline({ sampleId }: { sampleId: string }) {
  const { t } = useLingui();
  const timeline = useApi("GET /samples/{id}/timeline", { path: { id: sampleId } });
  if (timeline.error)
    return <ErrorState error={timeline.error} onRetry={() => void timeline.refetch()} className="py-8" />;
  if (timeline.isPending)
    return (
      <div aria-busy className="flex flex-col gap-4">
        {[0, 1, 2].map((each) => (
          <Skeleton key={each} className="h-9 w-full" />
        ))}
      </div>
    );
  const entries = timeline.data.items.toSorted((a, b) => b.at.localeCompare(a.at));
  return (
    <ol aria-label={t`Timeline`} className="flex flex-col">
      {entries.map((entry) => (
        <Entry key={entry.event_id} entry={entry} />
      ))}
    </ol>
  );
}

function Entry({ entry }: { entry: TimelineEntry }) {
  const { t } = useLingui();
  const time = useTime();
  const Icon = icons.find(([pattern]) => pattern.test(entry.action))?.[1] ?? Dot;
  return (
    <li className="group relative flex gap-3 pb-4 last:pb-0">
      <span aria-hidden className="absolute top-6 bottom-0 left-[11px] w-px bg-line group-last:hidden" />
      <span
        aria-hidden
        className="relative grid size-6 shrink-0 place-items-center rounded-full bg-accent-tint text-accent"
      >
        <Icon className="size-3.5" />
      </span>
      <div className="min-w-0 flex-1 pt-0.5">
        <p>{timesIn(entry.sentence, time.dateTime)}</p>
        {entry.reason && <p className="mt-1 border-s-2 border-line-strong ps-2 text-muted">{entry.reason}</p>}
        <p className="mt-0.5 flex flex-wrap gap-x-2 text-xs text-muted">
          <TimeText at={entry.at} />
          {entry.index === null || entry.index === undefined ? (
            <span title={t`It is recorded; its place in the ledger is given within moments.`}>
              <Trans>being sealed</Trans>
            </span>
          ) : (
            <span className="mono" title={t`Entry of the ledger`}>
              #{entry.index}
            </span>
          )}
        </p>
      </div>
    </li>
  );
}
