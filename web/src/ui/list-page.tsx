import type { ReactNode } from "react";
import type { Column } from "./data-table";
import { Page } from "./page";
import { type Pages, PagedTable } from "./paged-table";
import { StateMessage } from "./states";

export interface ListPageProps<R extends { id: string }> {
  title: string;
  lead?: ReactNode;
  /** What can be done here first of all; an empty list offers it too. */
  action?: ReactNode;
  /** What else can be done, before it. */
  beside?: ReactNode;
  /** Search, views and choices over the list; what they say belongs into the address. */
  filters?: ReactNode;
  pages: Pages<R>;
  /** Whose row it is: the first column, and the first line on a phone. A link has `rowLinkClass`, so that it covers its row. */
  name: { header: ReactNode; width: string; of: (row: R) => ReactNode };
  /** What stands beside it; a cell without a value shows a dash. */
  columns: readonly Column<R>[];
  /** The row on a phone: marks in the corner of the first line, and what stands below it. */
  narrow: { marks?: (row: R) => ReactNode; second: (row: R) => ReactNode; height?: number };
  /** What can be done to one row, at its end. */
  act?: { label: string; width: string; of: (row: R) => ReactNode };
  /** `filtered`: there may well be rows, but none of them matches. */
  empty: { icon: ReactNode; title: string; text?: ReactNode; filtered?: boolean };
  /** Dialogs of the page. */
  children?: ReactNode;
}

/**
 * A page that is one keyset list: it reads on as it is scrolled, J and K walk, and the four quiet states (loading, empty, failed, no
 * match) are the same on all of them.
 */
export function ListPage<R extends { id: string }>({
  title,
  lead,
  action,
  beside,
  filters,
  pages,
  name,
  columns,
  narrow,
  act,
  empty,
  children,
}: ListPageProps<R>) {
  const first: Column<R> = { id: "name", header: name.header, width: name.width, cell: name.of };
  const last: Column<R>[] = act
    ? [
        {
          id: "act",
          header: <span className="sr-only">{act.label}</span>,
          width: act.width,
          align: "end",
          act: true,
          cell: (row) => <OverLink>{act.of(row)}</OverLink>,
        },
      ]
    : [];
  // Where there is nothing yet, the act stands in the middle of the page; twice would be once too often.
  const nothing = pages.rows.length === 0 && !pages.isPending && !pages.error && !empty.filtered;
  return (
    <Page
      fill
      title={title}
      lead={lead}
      actions={
        <>
          {beside}
          {!nothing && action}
        </>
      }
    >
      {filters && <div className="flex flex-wrap items-center gap-x-2 gap-y-3 px-4 pb-3 sm:px-6">{filters}</div>}
      <PagedTable
        label={title}
        columns={[first, ...columns, ...last]}
        pages={pages}
        link={name.of}
        narrowHeight={narrow.height}
        narrow={(row) => (
          <div className="flex items-center gap-3">
            <div className="flex min-w-0 flex-1 flex-col gap-1">
              <div className="flex items-center gap-2">
                <span className="min-w-0 flex-1 truncate">{name.of(row)}</span>
                {narrow.marks?.(row)}
              </div>
              <div className="truncate text-muted">{narrow.second(row)}</div>
            </div>
            {act && <OverLink>{act.of(row)}</OverLink>}
          </div>
        )}
        empty={
          <StateMessage icon={empty.icon} title={empty.title} action={empty.filtered ? undefined : action}>
            {empty.text}
          </StateMessage>
        }
      />
      {children}
    </Page>
  );
}

/** Above the link that covers the row, so that it can be pressed. */
const OverLink = ({ children }: { children: ReactNode }) => (
  <span className="relative z-[1] [--control:1.75rem] pointer-coarse:[--control:2.75rem]">{children}</span>
);
