import { Trans, useLingui } from "@lingui/react/macro";
import { CircleCheckBig, Plus } from "lucide-react";
import { useApiPages } from "@/api/queries";
import type { SampleSummary } from "@/api/types";
import { Whose } from "@/features/samples/whose";
import { PriorityPill } from "@/features/samples/status";
import { Button } from "@/ui/button";
import { Card } from "@/ui/page";
import { ErrorState, Skeleton, StateMessage } from "@/ui/states";

/** What is registered and has not arrived yet, for samples whose label cannot be scanned. */
export function WaitingList({
  onTake,
  taken,
}: {
  onTake: (sample: SampleSummary) => void;
  taken: ReadonlySet<string>;
}) {
  const { t } = useLingui();
  const pages = useApiPages("GET /samples", { query: { status: "registered" } }, 25);
  const waiting = pages.rows.filter((each) => !taken.has(each.id));
  return (
    <Card id="expected" flush title={t`Expected`}>
      {pages.error ? (
        <ErrorState error={pages.error} onRetry={() => void pages.refetch()} className="py-8" />
      ) : pages.isPending ? (
        <div aria-busy className="flex flex-col gap-4 p-4">
          {[0, 1, 2, 3].map((each) => (
            <Skeleton key={each} className="h-8 w-full" />
          ))}
        </div>
      ) : waiting.length === 0 ? (
        <StateMessage className="py-10" icon={<CircleCheckBig />} title={t`Nothing else is expected`} />
      ) : (
        <ul className="max-h-[65vh] overflow-y-auto">
          {waiting.map((sample) => (
            <li key={sample.id} className="border-b border-line">
              <button
                type="button"
                onClick={() => onTake(sample)}
                className="group flex min-h-13 w-full items-center gap-3 px-4 py-1.5 text-start hover:bg-hover focus-visible:-outline-offset-2"
              >
                <span className="min-w-0 flex-1">
                  <span className="flex items-center gap-2">
                    <span className="mono font-medium">{sample.accession_number}</span>
                    <PriorityPill priority={sample.priority} />
                  </span>
                  <span className="block truncate text-xs text-muted">
                    <Whose sample={sample} /> · {sample.sample_type.name}
                  </span>
                </span>
                <span className="sr-only">{t`Put on the bench`}</span>
                <Plus aria-hidden className="size-4 shrink-0 text-muted group-hover:text-accent" />
              </button>
            </li>
          ))}
          {pages.hasNextPage && (
            <li className="p-2 text-center">
              <Button tone="ghost" busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
                <Trans>Show more</Trans>
              </Button>
            </li>
          )}
        </ul>
      )}
    </Card>
  );
}
