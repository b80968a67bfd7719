import type { ReactNode } from "react";
import type { Answer, Input, Operation } from "@/api/operations";
import { useApi } from "@/api/queries";
import { Page } from "@/ui/page";
import { ErrorState, Skeleton } from "@/ui/states";
import { PageSkeleton } from "./page-skeleton";

/** A page about one thing that is read first: its skeleton until it is there, and what went wrong in its place. */
export function Loaded<O extends Operation>({
  read,
  input,
  title,
  children,
}: {
  read: O;
  input: Input<O>;
  /** What the page is called, where that is known before anything is read. */
  title?: string;
  children: (data: Answer<O>, again: { read: () => void; busy: boolean }) => ReactNode;
}) {
  const { data, error, refetch, isFetching } = useApi(read, input);
  const again = () => void refetch();
  if (data !== undefined) return children(data as Answer<O>, { read: again, busy: isFetching });
  if (!title) return error ? <ErrorState error={error} onRetry={again} className="min-h-[60vh]" /> : <PageSkeleton />;
  return (
    <Page title={title}>
      {error ? (
        <ErrorState error={error} onRetry={again} />
      ) : (
        <div aria-busy className="grid gap-4 xl:grid-cols-2">
          <Skeleton className="h-96" />
          <Skeleton className="h-96" />
        </div>
      )}
    </Page>
  );
}
