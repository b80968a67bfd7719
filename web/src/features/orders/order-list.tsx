import { useLingui } from "@lingui/react/macro";
import { Link, useNavigate } from "@tanstack/react-router";
import { ClipboardList } from "lucide-react";
import { useMemo } from "react";
import { useApiPages } from "@/api/queries";
import type { Order } from "@/api/types-orders";
import { PriorityPill } from "@/features/samples/status";
import { Whose } from "@/features/samples/whose";
import { prune } from "@/features/search";
import { useMe } from "@/session/session";
import { type Column, rowLinkClass } from "@/ui/data-table";
import { PagedTable } from "@/ui/paged-table";
import { SearchBox } from "@/ui/search-box";
import { StateMessage } from "@/ui/states";
import { TimeText } from "@/ui/time-text";
import { View, Views } from "@/ui/views";
import type { OrderSearch } from "./search";
import { OrderStatusPill } from "./status";

export function OrderFilters({ search }: { search: OrderSearch }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const views: { status: OrderSearch["status"]; label: string }[] = [
    { status: undefined, label: t`All` },
    { status: "open", label: t({ message: "Open", context: "order" }) },
    { status: "completed", label: t({ message: "Completed", context: "order" }) },
    { status: "cancelled", label: t({ message: "Cancelled", context: "order" }) },
  ];
  return (
    <div className="flex flex-col gap-3 px-4 pb-3 sm:px-6">
      <Views>
        {views.map((view) => (
          <View
            key={view.label}
            to="/orders"
            search={prune({ ...search, status: view.status })}
            current={search.status === view.status}
          >
            {view.label}
          </View>
        ))}
      </Views>
      <SearchBox
        value={search.q ?? ""}
        onChange={(q) =>
          void navigate({ to: "/orders", search: prune({ ...search, q: q || undefined }), replace: true })
        }
        label={t`Search orders`}
        placeholder={t`Number of the order or the orderer's own`}
      />
    </div>
  );
}

export function OrderList({ search }: { search: OrderSearch }) {
  const { t } = useLingui();
  const medical = useMe().laboratory.kind === "medical";
  const pages = useApiPages("GET /orders", { query: search });
  const columns = useMemo<Column<Order>[]>(
    () => [
      { id: "number", header: t({ message: "Order", context: "of tests" }), width: "8rem", cell: () => null },
      { id: "status", header: t`Status`, width: "8rem", cell: (row) => <OrderStatusPill status={row.status} /> },
      {
        id: "whose",
        header: medical ? t`Patient` : t`Client`,
        width: "minmax(8rem, 1.4fr)",
        cell: (row) => <Whose sample={row} />,
      },
      {
        id: "requester",
        header: t`Requester`,
        roomy: true,
        width: "minmax(8rem, 1fr)",
        cell: (row) => row.requester ?? <None />,
      },
      {
        id: "external",
        header: t`External number`,
        width: "minmax(7rem, 0.8fr)",
        cell: (row) => (row.external_id ? <span className="mono">{row.external_id}</span> : <None />),
      },
      {
        id: "samples",
        header: medical ? t`Specimens` : t`Samples`,
        width: "4.5rem",
        align: "end",
        cell: (row) => <span className="mono">{row.samples.length}</span>,
      },
      { id: "priority", header: t`Priority`, width: "5.5rem", cell: (row) => <PriorityPill priority={row.priority} /> },
      {
        id: "created",
        header: t`Placed`,
        width: "8.5rem",
        cell: (row) => <TimeText at={row.created_at} className="text-muted" />,
      },
    ],
    [t, medical],
  );
  const filtered = Object.values(search).some((value) => value !== undefined);
  return (
    <PagedTable
      label={t`Orders`}
      columns={columns}
      pages={pages}
      link={(row) => <OrderLink order={row} />}
      narrow={(row) => (
        <div className="flex flex-col gap-1">
          <span className="flex items-center gap-2">
            <span className="min-w-0 flex-1">
              <OrderLink order={row} />
            </span>
            <PriorityPill priority={row.priority} />
            <OrderStatusPill status={row.status} />
          </span>
          <span className="truncate text-muted">
            {[row.client?.name ?? row.patient?.name, row.external_id, row.requester].filter(Boolean).join(" · ")}
          </span>
        </div>
      )}
      empty={
        <StateMessage
          icon={<ClipboardList />}
          title={filtered ? t`No order matches these filters` : t`No orders yet`}
        />
      }
    />
  );
}

const None = () => <span className="text-faint">–</span>;

function OrderLink({ order }: { order: Order }) {
  return (
    <Link to="/orders/$id" params={{ id: order.id }} className={`mono ${rowLinkClass}`}>
      {order.number}
    </Link>
  );
}
