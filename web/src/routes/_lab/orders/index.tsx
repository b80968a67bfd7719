import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { ClipboardPlus } from "lucide-react";
import { OrderFilters, OrderList } from "@/features/orders/order-list";
import { orderSearch } from "@/features/orders/search";
import { useMay } from "@/session/session";
import { ButtonLink } from "@/ui/button";
import { Page } from "@/ui/page";
import { ForbiddenState } from "@/ui/states";

export const Route = createFileRoute("/_lab/orders/")({ validateSearch: orderSearch, component: Orders });

function Orders() {
  const { t } = useLingui();
  const search = Route.useSearch();
  const may = useMay();
  if (!may("order:read")) return <ForbiddenState />;
  return (
    <Page
      fill
      title={t`Orders`}
      actions={
        may("order:create") && (
          <ButtonLink to="/samples/register" search={{ many: true }} tone="primary" icon={<ClipboardPlus />}>
            <Trans>New order</Trans>
          </ButtonLink>
        )
      }
    >
      <OrderFilters search={search} />
      <OrderList search={search} />
    </Page>
  );
}
