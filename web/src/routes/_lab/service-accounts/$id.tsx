import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { CircleOff, CirclePlay, ScrollText } from "lucide-react";
import { useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct } from "@/api/queries";
import type { ServiceAccount } from "@/api/types-access";
import { AccountPill } from "@/features/service-accounts/account-pill";
import { formOf, ServiceAccountEditor, type ServiceAccountForm } from "@/features/service-accounts/form";
import { HowToUse } from "@/features/service-accounts/how-to";
import { Tokens } from "@/features/service-accounts/tokens";
import { Allowed } from "@/session/allowed";
import { useMay } from "@/session/session";
import { useTime } from "@/session/time";
import { Loaded } from "@/shell/loaded";
import { Button, ButtonLink } from "@/ui/button";
import { Card, Facts, Notice, Page } from "@/ui/page";
import { ReasonDialog } from "@/ui/reason-dialog";
import { TimeText } from "@/ui/time-text";
import { UpLink } from "@/ui/up-link";

export const Route = createFileRoute("/_lab/service-accounts/$id")({ component: ServiceAccountPage });

function ServiceAccountPage() {
  const { id } = Route.useParams();
  return (
    <Allowed to="service_account:manage">
      <Loaded read="GET /service-accounts/{id}" input={{ path: { id } }}>
        {(account) => <Account account={account} />}
      </Loaded>
    </Allowed>
  );
}

function Account({ account }: { account: ServiceAccount }) {
  const { t } = useLingui();
  const may = useMay();
  const time = useTime();
  const patch = useAct("PATCH /service-accounts/{id}");
  const save = (form: ServiceAccountForm) =>
    patch.mutate({
      path: { id: account.id },
      body: changesOf(formOf(account, time), form),
      options: { version: account.version },
    });
  return (
    <Page
      above={
        <UpLink to="/service-accounts">
          <Trans>Service accounts</Trans>
        </UpLink>
      }
      title={account.name}
      marks={<AccountPill account={account} />}
      lead={account.description}
      actions={<Activity account={account} />}
    >
      {!account.owner_active && (
        <Notice tone="red" className="mb-4">
          <Trans>{account.owner.name} may not sign in any more, so its tokens are refused. Name somebody else.</Trans>
        </Notice>
      )}
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <Tokens account={account} locked={undefined} />
          <ServiceAccountEditor
            key={account.version}
            account={account}
            locked={account.active ? undefined : t`The account is deactivated.`}
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
                [t`Last use`, <TimeText key="used" at={account.last_used_at} />],
                [t`Answers for it`, account.owner.name],
                [t`Added`, <TimeText key="added" at={account.created_at} />],
                [t`Added by`, account.created_by?.name],
                [t`Last changed`, <TimeText key="changed" at={account.updated_at} />],
              ]}
            />
            {may("audit:read") && (
              <ButtonLink to="/audit" search={{ actor_id: account.id }} icon={<ScrollText />} className="mt-4">
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
