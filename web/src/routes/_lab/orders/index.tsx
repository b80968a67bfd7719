import { createFileRoute } from "@tanstack/react-router";
import { OrderList } from "@/features/orders/order-list";
import { orderSearch } from "@/features/orders/search";
import { Allowed } from "@/session/allowed";

export const Route = createFileRoute("/_lab/orders/")({ validateSearch: orderSearch, component: Orders });

function Orders() {
  const search = Route.useSearch();
  return (
    <Allowed to="order:read">
      <OrderList search={search} />
    </Allowed>
  );
}
