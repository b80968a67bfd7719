import { DataTable, type DataTableProps } from "./data-table";
import { ErrorState } from "./states";

/** A keyset list as it comes from the server, page by page. */
export interface Pages<R> {
  rows: readonly R[];
  error: unknown;
  isPending: boolean;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  refetch: () => unknown;
  fetchNextPage: () => unknown;
}

/** A table of a keyset list: it reads on as it is scrolled, and says so when nothing could be read. */
export function PagedTable<R extends { id: string }>({
  pages,
  ...table
}: { pages: Pages<R> } & Omit<DataTableProps<R>, "rows" | "loading" | "hasMore" | "loadingMore" | "onMore">) {
  if (pages.error && pages.rows.length === 0)
    return <ErrorState error={pages.error} onRetry={() => void pages.refetch()} className="border-t border-line" />;
  return (
    <DataTable
      {...table}
      rows={pages.rows}
      loading={pages.isPending}
      hasMore={pages.hasNextPage}
      loadingMore={pages.isFetchingNextPage}
      onMore={() => void pages.fetchNextPage()}
    />
  );
}
