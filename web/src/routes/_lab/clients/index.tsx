import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute, Link, useNavigate } from "@tanstack/react-router";
import { Building2, Plus, SquarePen } from "lucide-react";
import { useState } from "react";
import * as v from "valibot";
import { useApiPages } from "@/api/queries";
import type { Client } from "@/api/types";
import { ClientDialog } from "@/features/catalogue/client-dialog";
import { useMay } from "@/session/session";
import { Button, IconButton } from "@/ui/button";
import { type Column, rowLinkClass } from "@/ui/data-table";
import { Page } from "@/ui/page";
import { PagedTable } from "@/ui/paged-table";
import { Pill } from "@/ui/pill";
import { SearchBox } from "@/ui/search-box";
import { ForbiddenState, StateMessage } from "@/ui/states";

export const Route = createFileRoute("/_lab/clients/")({
  validateSearch: v.object({ q: v.optional(v.pipe(v.unknown(), v.transform(String))) }),
  component: Clients,
});

function Clients() {
  const { t } = useLingui();
  const may = useMay();
  const navigate = useNavigate();
  const { q } = Route.useSearch();
  // The client that is being changed, or "new".
  const [editing, setEditing] = useState<Client | "new" | null>(null);
  const pages = useApiPages("GET /clients", { query: { q } });
  if (!may("client:read")) return <ForbiddenState />;
  const none = <span className="text-faint">–</span>;
  const columns: Column<Client>[] = [
    { id: "name", header: t`Name`, width: "minmax(14rem, 2fr)", cell: () => null },
    {
      id: "code",
      header: t`Code`,
      width: "7rem",
      cell: (row) => (row.code ? <span className="mono">{row.code}</span> : none),
    },
    {
      id: "address",
      header: t`Address`,
      width: "minmax(10rem, 2fr)",
      cell: (row) => row.address?.replaceAll("\n", ", ") ?? none,
    },
    { id: "email", header: t`E-mail address`, width: "minmax(9rem, 1.2fr)", cell: (row) => row.email ?? none },
    { id: "phone", roomy: true, header: t`Telephone`, width: "8rem", cell: (row) => row.phone ?? none },
    {
      id: "change",
      header: <span className="sr-only">{t`Change`}</span>,
      width: "5.5rem",
      align: "end",
      cell: (row) => <ChangeButton client={row} onClick={() => setEditing(row)} />,
    },
  ];
  const create = (
    <Button
      tone="primary"
      icon={<Plus />}
      onClick={() => setEditing("new")}
      disabledReason={may("client:manage") ? undefined : t`Your roles lack the permission ${"client:manage"}.`}
    >
      <Trans>New client</Trans>
    </Button>
  );
  return (
    <Page fill title={t`Clients`} lead={t`Who orders testing. A row opens the client's samples.`} actions={create}>
      <div className="flex px-4 pb-3 sm:px-6">
        <SearchBox
          value={q ?? ""}
          onChange={(text) => void navigate({ to: "/clients", search: text ? { q: text } : {}, replace: true })}
          label={t`Search clients`}
          placeholder={t`Name or code`}
        />
      </div>
      <PagedTable
        label={t`Clients`}
        columns={columns}
        pages={pages}
        link={(row) => <ClientLink client={row} />}
        narrow={(row) => (
          <div className="flex flex-col gap-1">
            <span className="flex items-center gap-2">
              <span className="min-w-0 flex-1 truncate">
                <ClientLink client={row} />
              </span>
              <ChangeButton client={row} onClick={() => setEditing(row)} />
            </span>
            <span className="truncate text-muted">{[row.code, row.email].filter(Boolean).join(" · ")}</span>
          </div>
        )}
        empty={
          <StateMessage
            icon={<Building2 />}
            title={q ? t`No client of that name or code.` : t`No clients yet`}
            action={q ? undefined : create}
          />
        }
      />
      {editing && <ClientDialog client={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </Page>
  );
}

function ClientLink({ client }: { client: Client }) {
  return (
    <Link to="/samples" search={{ client_id: client.id }} className={rowLinkClass}>
      {client.name}
    </Link>
  );
}

function ChangeButton({ client, onClick }: { client: Client; onClick: () => void }) {
  const { t } = useLingui();
  const may = useMay();
  if (!may("client:manage")) return client.active ? null : <Pill tone="grey">{t`Not in use`}</Pill>;
  return (
    <span className="relative z-[1] inline-flex items-center gap-1">
      {!client.active && <Pill tone="grey">{t`Not in use`}</Pill>}
      <IconButton
        label={t`Change ${client.name}`}
        icon={<SquarePen className="text-muted" />}
        className="min-h-7! min-w-7!"
        onClick={onClick}
      />
    </span>
  );
}
