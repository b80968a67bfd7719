import type { ReactNode } from "react";
import type { Answer, Input, Operation } from "@/api/operations";
import { useApi } from "@/api/queries";
import { ErrorState } from "@/ui/states";
import { PageSkeleton } from "./page-skeleton";

/** A page about one thing that is read first: its skeleton until it is there, and what went wrong in its place. */
export function Loaded<O extends Operation>({
  read,
  input,
  children,
}: {
  read: O;
  input: Input<O>;
  children: (data: Answer<O>, again: { read: () => void; busy: boolean }) => ReactNode;
}) {
  const { data, error, refetch, isFetching } = useApi(read, input);
  const again = () => void refetch();
  if (data !== undefined) return children(data as Answer<O>, { read: again, busy: isFetching });
  return error ? <ErrorState error={error} onRetry={again} className="min-h-[60vh]" /> : <PageSkeleton />;
}
