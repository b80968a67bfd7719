import { createFileRoute } from "@tanstack/react-router";
import { ServiceAccountList } from "@/features/service-accounts/list";
import { Allowed } from "@/session/allowed";

export const Route = createFileRoute("/_lab/service-accounts/")({ component: ServiceAccounts });

function ServiceAccounts() {
  return (
    <Allowed to="service_account:manage">
      <ServiceAccountList />
    </Allowed>
  );
}
