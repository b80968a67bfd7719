import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { CircleHelp, GitCompareArrows, ScrollText, ShieldCheck, ShieldOff } from "lucide-react";
import type { User } from "@/api/types-records";
import { PersonsSessions } from "@/features/access/sessions";
import { UserPill } from "@/features/people/active-pill";
import { Competences } from "@/features/people/competences";
import { UserActions } from "@/features/people/user-actions";
import { UserEditor } from "@/features/people/user-editor";
import { Allowed } from "@/session/allowed";
import { useMay } from "@/session/session";
import { Loaded } from "@/shell/loaded";
import { ButtonLink } from "@/ui/button";
import { Card, Facts, Page } from "@/ui/page";
import { Pill } from "@/ui/pill";
import { TimeText } from "@/ui/time-text";
import { UpLink } from "@/ui/up-link";

export const Route = createFileRoute("/_lab/users/$id")({ component: UserPage });

function UserPage() {
  const { id } = Route.useParams();
  return (
    <Allowed to="user:read">
      <Loaded read="GET /users/{id}" input={{ path: { id } }}>
        {(user) => <UserDetails user={user} />}
      </Loaded>
    </Allowed>
  );
}

function UserDetails({ user }: { user: User }) {
  const { t } = useLingui();
  const may = useMay();
  const locked = may("user:manage") ? undefined : t`Your roles lack the permission ${"user:manage"}.`;
  return (
    <Page
      above={
        <UpLink to="/users">
          <Trans>Users</Trans>
        </UpLink>
      }
      title={user.name}
      marks={<UserPill user={user} />}
      lead={user.email}
      actions={<UserActions user={user} />}
    >
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <UserEditor key={user.version} user={user} locked={locked} />
          <Competences user={user} />
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <RightsCard user={user} />
          {may("user:manage") && <PersonsSessions user={user.id} locked={locked} />}
          <RecordCard user={user} />
        </div>
      </div>
    </Page>
  );
}

function RightsCard({ user }: { user: User }) {
  const { t } = useLingui();
  return (
    <Card id="rights" title={t`Rights`}>
      <p className="text-muted">
        <Trans>What the roles and the exceptions come to, permission by permission.</Trans>
      </p>
      <div className="mt-3 flex flex-wrap gap-2">
        <ButtonLink to="/users/$id/access" params={{ id: user.id }} search={{}} icon={<CircleHelp />}>
          <Trans>Why may they do that?</Trans>
        </ButtonLink>
        <ButtonLink to="/roles/compare" search={{ left: `user:${user.id}` }} icon={<GitCompareArrows />}>
          <Trans>Compare…</Trans>
        </ButtonLink>
      </div>
    </Card>
  );
}

function RecordCard({ user }: { user: User }) {
  const { t } = useLingui();
  const may = useMay();
  return (
    <Card id="record" title={t`Record`}>
      <Facts
        items={[
          [
            t`Second factor`,
            user.second_factor ? (
              <Pill key="factor" tone="green" icon={<ShieldCheck aria-hidden />}>
                <Trans>On</Trans>
              </Pill>
            ) : (
              <Pill key="factor" tone="grey" icon={<ShieldOff aria-hidden />}>
                <Trans>None</Trans>
              </Pill>
            ),
          ],
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
  );
}
