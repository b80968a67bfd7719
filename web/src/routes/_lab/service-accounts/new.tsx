import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute, useNavigate } from "@tanstack/react-router";
import { isProblem } from "@/api/problems";
import { useAct } from "@/api/queries";
import { ServiceAccountEditor } from "@/features/service-accounts/form";
import { useMay } from "@/session/session";
import { Page } from "@/ui/page";
import { ForbiddenState } from "@/ui/states";
import { UpLink } from "@/ui/up-link";

export const Route = createFileRoute("/_lab/service-accounts/new")({ component: New });

function New() {
  const { t } = useLingui();
  const may = useMay();
  const navigate = useNavigate();
  const act = useAct("POST /service-accounts");
  if (!may("service_account:manage")) return <ForbiddenState />;
  return (
    <Page
      title={t`New service account`}
      above={
        <UpLink to="/service-accounts">
          <Trans>Service accounts</Trans>
        </UpLink>
      }
    >
      <ServiceAccountEditor
        account={null}
        locked={undefined}
        busy={act.isPending}
        error={act.error}
        server={(path) => (isProblem(act.error) ? act.error.field(path) : undefined)}
        onSave={({ description, client_id, addresses, grants, ...form }) =>
          act.mutate(
            {
              body: {
                ...form,
                ...(description ? { description } : {}),
                ...(client_id ? { client_id } : {}),
                ...(addresses.length > 0 ? { addresses } : {}),
                ...(grants.length > 0 ? { grants } : {}),
              },
            },
            { onSuccess: (made) => void navigate({ to: "/service-accounts/$id", params: { id: made.id } }) },
          )
        }
      />
    </Page>
  );
}
