import { useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { OwnPerson, OwnSessions } from "@/features/people/account";
import { Page } from "@/ui/page";

export const Route = createFileRoute("/_lab/account/")({ component: Account });

function Account() {
  const { t } = useLingui();
  return (
    <Page title={t`Your account`}>
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <OwnPerson />
        <OwnSessions />
      </div>
    </Page>
  );
}
