import { useLingui } from "@lingui/react/macro";
import { Plus, SquarePen } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useMay } from "@/session/session";
import { Button, IconButton } from "@/ui/button";
import { Card, Page } from "@/ui/page";
import { ErrorState, Skeleton, StateMessage } from "@/ui/states";
import { NotInUse } from "./in-use";

/** Records of the catalogue that have more to say than a row holds: a card each, and what may be changed in a dialog. */
export function CatalogueCards<R extends { id: string; name: string; active: boolean }>({
  words,
  icon,
  list,
  card,
  dialog,
}: {
  words: { title: string; lead: string; add: string; empty: string };
  icon: ReactNode;
  list: { data: { items: readonly R[] } | undefined; error: unknown; refetch: () => unknown };
  card: (record: R) => ReactNode;
  dialog: (record: R | null, onClose: () => void) => ReactNode;
}) {
  const { t } = useLingui();
  const may = useMay();
  const [editing, setEditing] = useState<R | "new" | null>(null);
  const locked = may("catalog:manage") ? undefined : t`Your roles lack the permission ${"catalog:manage"}.`;
  const add = (
    <Button tone="primary" icon={<Plus />} onClick={() => setEditing("new")} disabledReason={locked}>
      {words.add}
    </Button>
  );
  return (
    <Page title={words.title} lead={words.lead} actions={list.data?.items.length !== 0 && add}>
      {list.data === undefined ? (
        list.error ? (
          <ErrorState error={list.error} onRetry={() => void list.refetch()} />
        ) : (
          <div aria-busy className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
            {[0, 1, 2].map((each) => (
              <Skeleton key={each} className="h-36" />
            ))}
          </div>
        )
      ) : list.data.items.length === 0 ? (
        <StateMessage icon={icon} title={words.empty} action={add} />
      ) : (
        <ul className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
          {list.data.items.map((record) => (
            <li key={record.id}>
              <Card
                className="h-full"
                title={record.name}
                marks={!record.active && <NotInUse />}
                actions={
                  !locked && (
                    <IconButton
                      label={t`Change ${record.name}`}
                      icon={<SquarePen className="text-muted" />}
                      className="-me-2"
                      onClick={() => setEditing(record)}
                    />
                  )
                }
              >
                {card(record)}
              </Card>
            </li>
          ))}
        </ul>
      )}
      {editing && dialog(editing === "new" ? null : editing, () => setEditing(null))}
    </Page>
  );
}
