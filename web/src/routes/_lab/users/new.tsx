import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { NewUser } from "@/features/people/new-user";
import { useMay } from "@/session/session";
import { Page } from "@/ui/page";
import { ForbiddenState } from "@/ui/states";
import { UpLink } from "@/ui/up-link";

export const Route = createFileRoute("/_lab/users/new")({ component: New });

function New() {
  const { t } = useLingui();
  const may = useMay();
  if (!may("user:manage")) return <ForbiddenState />;
  return (
    <Page
      title={t`New user`}
      above={
        <UpLink to="/users">
          <Trans>Users</Trans>
        </UpLink>
      }
    >
      <NewUser />
    </Page>
  );
}
