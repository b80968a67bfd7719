import { useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { FactorsCard } from "@/features/access/factors-card";
import { OwnPasswordCard } from "@/features/access/own-password";
import { PinCard } from "@/features/access/pin-card";
import { OwnSessions } from "@/features/access/sessions";
import { OwnPerson } from "@/features/people/account";
import { Page } from "@/ui/page";

export const Route = createFileRoute("/_lab/account/")({ component: Account });

function Account() {
  const { t } = useLingui();
  return (
    <Page title={t`Your account`}>
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-4">
          <OwnPerson />
          <OwnSessions />
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <FactorsCard />
          <OwnPasswordCard />
          <PinCard />
        </div>
      </div>
    </Page>
  );
}
