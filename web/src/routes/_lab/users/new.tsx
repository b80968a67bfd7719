import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute, Link } from "@tanstack/react-router";
import { NewUser } from "@/features/people/new-user";
import { useMay } from "@/session/session";
import { Page } from "@/ui/page";
import { ForbiddenState } from "@/ui/states";

export const Route = createFileRoute("/_lab/users/new")({ component: New });

function New() {
  const { t } = useLingui();
  const may = useMay();
  if (!may("user:manage")) return <ForbiddenState />;
  return (
    <Page
      title={t`New user`}
      above={
        <Link to="/users" className="hover:text-ink hover:underline">
          <Trans>Users</Trans>
        </Link>
      }
    >
      <NewUser />
    </Page>
  );
}
