import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute, Link } from "@tanstack/react-router";
import { CircleOff, CirclePlay, ScrollText } from "lucide-react";
import { useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct, useApi } from "@/api/queries";
import type { ServiceAccount } from "@/api/types-access";
import { ReasonDialog } from "@/features/reports/reason-dialog";
import { AccountPill } from "@/features/service-accounts/account-pill";
import { formOf, ServiceAccountEditor, type ServiceAccountForm } from "@/features/service-accounts/form";
import { HowToUse } from "@/features/service-accounts/how-to";
import { Tokens } from "@/features/service-accounts/tokens";
import { useMay } from "@/session/session";
import { useTime } from "@/session/time";
import { PageSkeleton } from "@/shell/page-skeleton";
import { Button, ButtonLink } from "@/ui/button";
import { Card, Facts, Notice, Page } from "@/ui/page";
import { ErrorState, ForbiddenState } from "@/ui/states";
import { TimeText } from "@/ui/time-text";

export const Route = createFileRoute("/_lab/service-accounts/$id")({ component: ServiceAccountPage });

function ServiceAccountPage() {
  const { t } = useLingui();
  const { id } = Route.useParams();
  const may = useMay();
  const allowed = may("service_account:manage");
  const { data, error, refetch } = useApi("GET /service-accounts/{id}", { path: { id } }, { enabled: allowed });
  const patch = useAct("PATCH /service-accounts/{id}");
  const time = useTime();
  if (!allowed) return <ForbiddenState />;
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <PageSkeleton />;
  const save = (form: ServiceAccountForm) =>
    patch.mutate({ path: { id }, body: changesOf(formOf(data, time), form), options: { version: data.version } });
  return (
    <Page
      documentTitle={data.name}
      above={
        <Link to="/service-accounts" className="hover:text-ink hover:underline">
          <Trans>Service accounts</Trans>
        </Link>
      }
      title={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          {data.name} <AccountPill account={data} />
        </span>
      }
      lead={data.description}
      actions={<Activity account={data} />}
    >
      {!data.owner_active && (
        <Notice tone="red" className="mb-4">
          <Trans>{data.owner.name} may not sign in any more, so its tokens are refused. Name somebody else.</Trans>
        </Notice>
      )}
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <Tokens account={data} locked={undefined} />
          <ServiceAccountEditor
            key={data.version}
            account={data}
            locked={data.active ? undefined : t`The account is deactivated.`}
            busy={patch.isPending}
            error={patch.error}
            server={(path) => (isProblem(patch.error) ? patch.error.field(path) : undefined)}
            onSave={save}
          />
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <Card id="record" title={t`Record`}>
            <Facts
              items={[
                [t`Last use`, <TimeText key="used" at={data.last_used_at} />],
                [t`Answers for it`, data.owner.name],
                [t`Added`, <TimeText key="added" at={data.created_at} />],
                [t`Added by`, data.created_by?.name],
                [t`Last changed`, <TimeText key="changed" at={data.updated_at} />],
              ]}
            />
            {may("audit:read") && (
              <ButtonLink to="/audit" search={{ actor_id: data.id }} icon={<ScrollText />} className="mt-4">
                <Trans>What it did</Trans>
              </ButtonLink>
            )}
          </Card>
          <HowToUse />
        </div>
      </div>
    </Page>
  );
}

/** What of the form was changed. */
function changesOf(before: ServiceAccountForm, form: ServiceAccountForm): Partial<ServiceAccountForm> {
  return Object.fromEntries(
    Object.entries(form).filter(
      ([key, value]) => JSON.stringify(value) !== JSON.stringify(before[key as keyof ServiceAccountForm]),
    ),
  );
}

function Activity({ account }: { account: ServiceAccount }) {
  const { t } = useLingui();
  const deactivate = useAct("POST /service-accounts/{id}/deactivate");
  const reactivate = useAct("POST /service-accounts/{id}/reactivate");
  const [asking, setAsking] = useState(false);
  const act = account.active ? deactivate : reactivate;
  const close = () => setAsking(false);
  return (
    <>
      {account.active ? (
        <Button tone="danger" icon={<CircleOff />} onClick={() => setAsking(true)}>
          <Trans>Deactivate…</Trans>
        </Button>
      ) : (
        <Button icon={<CirclePlay />} onClick={() => setAsking(true)}>
          <Trans>Reactivate…</Trans>
        </Button>
      )}
      {asking && (
        <ReasonDialog
          danger={account.active}
          title={account.active ? t`Deactivate ${account.name}` : t`Reactivate ${account.name}`}
          description={
            account.active
              ? t`All its tokens stop working with the next request.`
              : t`Tokens that have not ended work again.`
          }
          presets={
            account.active ? [t`No longer used`, t`Behaves strangely`] : [t`Needed again`, t`Deactivated by mistake`]
          }
          label={account.active ? t`Deactivate` : t`Reactivate`}
          busy={act.isPending}
          error={act.error}
          onClose={close}
          onSubmit={(reason) =>
            act.mutate(
              { path: { id: account.id }, body: { reason }, options: { version: account.version } },
              { onSuccess: close },
            )
          }
        />
      )}
    </>
  );
}
