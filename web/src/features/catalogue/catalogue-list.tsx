import { useLingui } from "@lingui/react/macro";
import { Link, useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import type { ReactNode } from "react";
import type { Resource } from "@/api/types";
import { useMay } from "@/session/session";
import { Button } from "@/ui/button";
import { type Column, rowLinkClass } from "@/ui/data-table";
import { Dialog } from "@/ui/dialog";
import { ListPage } from "@/ui/list-page";
import type { Pages } from "@/ui/paged-table";
import { SearchBox } from "@/ui/search-box";
import { ErrorState } from "@/ui/states";
import { NotInUse } from "./in-use";
import type { CatalogueSearch } from "./search";

interface Entry extends Resource {
  name: string;
  active: boolean;
}

/**
 * A list of named things that the laboratory keeps itself. A row opens what can be changed; who may not change it only reads. The
 * record that is open stands in the address, so that it can be linked to and left with "back".
 */
export function CatalogueList<R extends Entry>({
  at,
  search,
  words,
  icon,
  pages,
  opened,
  columns,
  second,
  dialog,
}: {
  at: "/catalogue/instruments" | "/catalogue/containers" | "/catalogue/locations";
  search: CatalogueSearch;
  words: { title: string; lead: string; add: string; search: string; empty: string; nothing: string };
  icon: ReactNode;
  pages: Pages<R>;
  /** The record that the address names, read anew. */
  opened: { data: R | undefined; error: unknown };
  /** What stands beside the name. */
  columns: readonly Column<R>[];
  /** The second line of a row on a narrow screen. */
  second: (row: R) => ReactNode;
  dialog: (record: R | null, onClose: () => void) => ReactNode;
}) {
  const { t } = useLingui();
  const may = useMay();
  const navigate = useNavigate();
  const locked = may("catalog:manage") ? undefined : t`Your roles lack the permission ${"catalog:manage"}.`;
  const { q } = search;
  const change = locked ? undefined : search.change;
  const goTo = (next: CatalogueSearch, replace = false) => void navigate({ to: at, search: next, replace });
  const close = () => goTo({ q });
  const name = (row: R) => (
    <span className="flex min-w-0 items-center gap-2">
      {locked ? (
        <span className="truncate font-medium">{row.name}</span>
      ) : (
        <Link to={at} search={{ q, change: row.id }} className={`truncate ${rowLinkClass}`}>
          {row.name}
        </Link>
      )}
      {!row.active && <NotInUse />}
    </span>
  );
  return (
    <ListPage
      title={words.title}
      lead={words.lead}
      action={
        <Button tone="primary" icon={<Plus />} onClick={() => goTo({ q, change: "new" })} disabledReason={locked}>
          {words.add}
        </Button>
      }
      filters={
        <SearchBox
          value={q ?? ""}
          onChange={(text) => goTo(text ? { q: text } : {}, true)}
          label={words.search}
          placeholder={t`Beginning of the name`}
        />
      }
      pages={pages}
      name={{ header: t`Name`, width: "minmax(14rem, 1.5fr)", of: name }}
      columns={columns}
      narrow={{ second }}
      empty={{ icon, title: q ? words.nothing : words.empty, filtered: Boolean(q) }}
    >
      {change === "new" && dialog(null, close)}
      {change && change !== "new" && opened.error ? (
        <Dialog open onClose={close} title={words.title}>
          <ErrorState error={opened.error} className="py-6" />
        </Dialog>
      ) : (
        change && change !== "new" && opened.data && dialog(opened.data, close)
      )}
    </ListPage>
  );
}
