import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useNavigate } from "@tanstack/react-router";
import { Building2, Plus, SquarePen } from "lucide-react";
import { useState } from "react";
import { useApiPages } from "@/api/queries";
import type { Client } from "@/api/types";
import { useMay } from "@/session/session";
import { Button, IconButton } from "@/ui/button";
import { type Column, rowLinkClass } from "@/ui/data-table";
import { ListPage } from "@/ui/list-page";
import { SearchBox } from "@/ui/search-box";
import { ClientDialog } from "./client-dialog";
import { NotInUse } from "./in-use";

/** Who orders testing. */
export function ClientList({ q }: { q: string | undefined }) {
  const { t } = useLingui();
  const may = useMay();
  const navigate = useNavigate();
  // The client that is being changed, or "new".
  const [editing, setEditing] = useState<Client | "new" | null>(null);
  const pages = useApiPages("GET /clients", { query: { q } });
  const columns: Column<Client>[] = [
    { id: "code", header: t`Code`, width: "7rem", cell: (row) => row.code && <span className="mono">{row.code}</span> },
    {
      id: "address",
      header: t`Address`,
      width: "minmax(10rem, 2fr)",
      cell: (row) => row.address?.replaceAll("\n", ", "),
    },
    { id: "email", header: t`E-mail address`, width: "minmax(9rem, 1.2fr)", cell: (row) => row.email },
    { id: "phone", roomy: true, header: t`Telephone`, width: "8rem", cell: (row) => row.phone },
  ];
  return (
    <ListPage
      title={t`Clients`}
      lead={t`Who orders testing. A row opens the client's samples.`}
      action={
        <Button
          tone="primary"
          icon={<Plus />}
          onClick={() => setEditing("new")}
          disabledReason={may("client:manage") ? undefined : t`Your roles lack the permission ${"client:manage"}.`}
        >
          <Trans>New client</Trans>
        </Button>
      }
      filters={
        <SearchBox
          value={q ?? ""}
          onChange={(text) => void navigate({ to: "/clients", search: text ? { q: text } : {}, replace: true })}
          label={t`Search clients`}
          placeholder={t`Name or code`}
        />
      }
      pages={pages}
      name={{
        header: t`Name`,
        width: "minmax(14rem, 2fr)",
        of: (row) => (
          <Link to="/samples" search={{ client_id: row.id }} className={rowLinkClass}>
            {row.name}
          </Link>
        ),
      }}
      columns={columns}
      narrow={{ second: (row) => [row.code, row.email].filter(Boolean).join(" · ") }}
      act={{
        label: t`Change`,
        width: "5.5rem",
        of: (row) => <ChangeButton client={row} onClick={() => setEditing(row)} />,
      }}
      empty={{
        icon: <Building2 />,
        title: q ? t`No client of that name or code` : t`No clients yet`,
        filtered: Boolean(q),
      }}
    >
      {editing && <ClientDialog client={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </ListPage>
  );
}

function ChangeButton({ client, onClick }: { client: Client; onClick: () => void }) {
  const { t } = useLingui();
  const may = useMay();
  if (!may("client:manage")) return client.active ? null : <NotInUse />;
  return (
    <span className="inline-flex items-center gap-1">
      {!client.active && <NotInUse />}
      <IconButton
        label={t`Change ${client.name}`}
        icon={<SquarePen className="text-muted" />}
        className="min-h-7! min-w-7!"
        onClick={onClick}
      />
    </span>
  );
}
