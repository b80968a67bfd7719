import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useNavigate } from "@tanstack/react-router";
import { ClipboardList, ClipboardPlus } from "lucide-react";
import { useMemo } from "react";
import { useApiPages } from "@/api/queries";
import type { Order } from "@/api/types-orders";
import { ListViews } from "@/features/list-views";
import { PriorityPill } from "@/features/samples/status";
import { Whose } from "@/features/samples/whose";
import { prune } from "@/features/search";
import { useMay, useMe } from "@/session/session";
import { ButtonLink } from "@/ui/button";
import { type Column, rowLinkClass } from "@/ui/data-table";
import { ListPage } from "@/ui/list-page";
import { SearchBox } from "@/ui/search-box";
import { TimeText } from "@/ui/time-text";
import type { OrderSearch } from "./search";
import { OrderStatusPill } from "./status";

/** What was asked for, newest first. */
export function OrderList({ search }: { search: OrderSearch }) {
  const { t } = useLingui();
  const may = useMay();
  const medical = useMe().laboratory.kind === "medical";
  const pages = useApiPages("GET /orders", { query: search });
  const columns = useMemo<Column<Order>[]>(
    () => [
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
        cell: (row) => row.requester,
      },
      {
        id: "external",
        header: t`External number`,
        width: "minmax(7rem, 0.8fr)",
        cell: (row) => row.external_id && <span className="mono">{row.external_id}</span>,
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
    <ListPage
      title={t`Orders`}
      action={
        may("order:create") && (
          <ButtonLink to="/samples/register" search={{ many: true }} tone="primary" icon={<ClipboardPlus />}>
            <Trans>New order</Trans>
          </ButtonLink>
        )
      }
      filters={<OrderFilters search={search} />}
      pages={pages}
      name={{
        header: t({ message: "Order", context: "of tests" }),
        width: "8rem",
        of: (row) => (
          <Link to="/orders/$id" params={{ id: row.id }} className={`mono ${rowLinkClass}`}>
            {row.number}
          </Link>
        ),
      }}
      columns={columns}
      narrow={{
        marks: (row) => (
          <>
            <PriorityPill priority={row.priority} />
            <OrderStatusPill status={row.status} />
          </>
        ),
        second: (row) =>
          [row.client?.name ?? row.patient?.name, row.external_id, row.requester].filter(Boolean).join(" · "),
      }}
      empty={{
        icon: <ClipboardList />,
        title: filtered ? t`No order matches these filters` : t`No orders yet`,
        filtered,
      }}
    />
  );
}

function OrderFilters({ search }: { search: OrderSearch }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const views: { value: OrderSearch["status"]; label: string }[] = [
    { value: undefined, label: t`All` },
    { value: "open", label: t({ message: "Open", context: "order" }) },
    { value: "completed", label: t({ message: "Completed", context: "order" }) },
    { value: "cancelled", label: t({ message: "Cancelled", context: "order" }) },
  ];
  return (
    <>
      <ListViews className="w-full" at="/orders" search={search} by="status" views={views} />
      <SearchBox
        value={search.q ?? ""}
        onChange={(q) =>
          void navigate({ to: "/orders", search: prune({ ...search, q: q || undefined }), replace: true })
        }
        label={t`Search orders`}
        placeholder={t`Number of the order or the orderer's own`}
      />
    </>
  );
}
