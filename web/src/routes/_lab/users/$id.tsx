import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute, Link } from "@tanstack/react-router";
import { ScrollText } from "lucide-react";
import { useApi } from "@/api/queries";
import { Competences } from "@/features/people/competences";
import { UserActions } from "@/features/people/user-actions";
import { UserEditor } from "@/features/people/user-editor";
import { ActivePill } from "@/features/people/user-list";
import { useMay } from "@/session/session";
import { ButtonLink } from "@/ui/button";
import { Card, Facts, Page } from "@/ui/page";
import { PageSkeleton } from "@/shell/page-skeleton";
import { ErrorState, ForbiddenState } from "@/ui/states";
import { TimeText } from "@/ui/time-text";

export const Route = createFileRoute("/_lab/users/$id")({ component: UserPage });

function UserPage() {
  const { t } = useLingui();
  const { id } = Route.useParams();
  const may = useMay();
  const { data: user, error, refetch } = useApi("GET /users/{id}", { path: { id } }, { enabled: may("user:read") });
  if (!may("user:read")) return <ForbiddenState />;
  if (error && !user) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!user) return <PageSkeleton />;
  return (
    <Page
      documentTitle={user.name}
      above={
        <Link to="/users" className="hover:text-ink hover:underline">
          <Trans>Users</Trans>
        </Link>
      }
      title={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          {user.name} <ActivePill active={user.active} />
        </span>
      }
      lead={user.email}
      actions={<UserActions user={user} />}
    >
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <UserEditor
            key={user.version}
            user={user}
            locked={may("user:manage") ? undefined : t`Your roles lack the permission ${"user:manage"}.`}
          />
          <Competences user={user} />
        </div>
        <Card id="record" title={t`Record`}>
          <Facts
            items={[
              [t`Last sign-in`, <TimeText key="login" at={user.last_login_at} />],
              [t`Added`, <TimeText key="added" at={user.created_at} />],
              [t`Added by`, user.created_by?.name],
              [t`Last changed`, <TimeText key="changed" at={user.updated_at} />],
            ]}
          />
          {may("audit:read") && (
            <div className="mt-4 flex flex-wrap gap-2">
              <ButtonLink to="/audit" search={{ actor_id: user.id }} icon={<ScrollText />}>
                <Trans>What they did</Trans>
              </ButtonLink>
              <ButtonLink to="/audit" search={{ object_type: "user", object_id: user.id }} icon={<ScrollText />}>
                <Trans>What was changed about them</Trans>
              </ButtonLink>
            </div>
          )}
        </Card>
      </div>
    </Page>
  );
}
