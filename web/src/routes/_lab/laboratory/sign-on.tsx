import { useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { useApi } from "@/api/queries";
import { SignOnForm } from "@/features/security/sign-on-form";
import { useMay } from "@/session/session";
import { PageSkeleton } from "@/shell/page-skeleton";
import { Page } from "@/ui/page";
import { ErrorState, ForbiddenState } from "@/ui/states";

export const Route = createFileRoute("/_lab/laboratory/sign-on")({ component: SignOnPage });

function SignOnPage() {
  const { t } = useLingui();
  const allowed = useMay()("settings:manage");
  const { data, error, refetch } = useApi("GET /laboratory/sign-on", {}, { enabled: allowed });
  const roles = useApi("GET /roles", { query: { limit: 200 } }, { enabled: allowed });
  if (!allowed) return <ForbiddenState />;
  const failure = error ?? roles.error;
  if (failure && !(data && roles.data))
    return (
      <ErrorState
        error={failure}
        onRetry={() => {
          void refetch();
          void roles.refetch();
        }}
      />
    );
  if (!data || !roles.data) return <PageSkeleton />;
  return (
    <Page
      title={t`Single sign-on`}
      lead={t`Your people sign in with the account of your organisation, and get the roles that its groups stand for.`}
    >
      <SignOnForm key={data.version} signOn={data} roles={roles.data.items} />
    </Page>
  );
}
