import { Trans, useLingui } from "@lingui/react/macro";
import { CircleCheckBig } from "lucide-react";
import { useEffect } from "react";
import { useApiPages } from "@/api/queries";
import { useMe } from "@/session/session";
import { ErrorState, Skeleton, StateMessage } from "@/ui/states";
import { ElsewhereDrafts, LastSaved } from "./desk-lines";
import { draftStoreOf } from "./drafts";
import { MOST, ResultDesk } from "./result-desk";
import type { WorklistSearch } from "./search";
import { statusOf } from "./worklist";

/** The result desk: a work list as a table to type into. */
export function ResultEntry({ search }: { search: WorklistSearch }) {
  const { t } = useLingui();
  const me = useMe();
  const store = draftStoreOf(me.laboratory.id, me.id);
  const pages = useApiPages(
    "GET /results",
    {
      query: {
        status: statusOf(search),
        test_id: search.test_id,
        sample_id: search.sample_id,
        q: search.q,
        sort: "created_at",
        include: "previous",
      },
    },
    200,
  );
  const { rows: results, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = pages;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError && results.length < MOST) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, results.length, fetchNextPage]);

  if (pages.error && results.length === 0)
    return <ErrorState error={pages.error} onRetry={() => void pages.refetch()} className="border-t border-line" />;
  if (pages.isPending)
    return (
      <div aria-busy className="flex flex-1 flex-col gap-2 border-t border-line bg-surface p-4">
        {Array.from({ length: 10 }, (_, index) => (
          <Skeleton key={index} className="h-7 w-full" />
        ))}
      </div>
    );
  if (results.length === 0)
    return (
      <>
        <StateMessage
          className="flex-1 border-t border-line bg-surface"
          icon={<CircleCheckBig />}
          title={
            search.q || search.test_id || search.sample_id
              ? t`No result matches these filters`
              : search.show === "entered"
                ? t`Nothing waits to be verified`
                : t`Every result has been entered`
          }
        >
          {search.show === undefined && <Trans>Samples appear here once they are received.</Trans>}
          <LastSaved store={store} />
        </StateMessage>
        <ElsewhereDrafts store={store} here={[]} />
      </>
    );
  // Another list starts with its own undo steps and its own active cell.
  return (
    <ResultDesk
      key={`${search.layout}/${statusOf(search)}/${search.test_id}/${search.sample_id}/${search.q}`}
      results={results}
      list={search.layout === "list"}
      store={store}
      more={hasNextPage && results.length >= MOST}
    />
  );
}
