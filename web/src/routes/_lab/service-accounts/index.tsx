import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { ServiceAccountList } from "@/features/service-accounts/list";
import { useMay } from "@/session/session";
import { ButtonLink } from "@/ui/button";
import { Page } from "@/ui/page";
import { ForbiddenState } from "@/ui/states";

export const Route = createFileRoute("/_lab/service-accounts/")({ component: ServiceAccounts });

function ServiceAccounts() {
  const { t } = useLingui();
  const may = useMay();
  if (!may("service_account:manage")) return <ForbiddenState />;
  const add = (
    <ButtonLink to="/service-accounts/new" tone="primary" icon={<Plus />}>
      <Trans>New service account</Trans>
    </ButtonLink>
  );
  return (
    <Page
      fill
      title={t`Service accounts`}
      lead={t`Programs that work with the laboratory: each with its own rights, and somebody who answers for it.`}
      actions={add}
    >
      <ServiceAccountList emptyAction={add} />
    </Page>
  );
}
