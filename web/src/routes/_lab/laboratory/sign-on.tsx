import { useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { SignOnForm } from "@/features/security/sign-on-form";
import { Allowed } from "@/session/allowed";
import { Loaded } from "@/shell/loaded";
import { Page } from "@/ui/page";

export const Route = createFileRoute("/_lab/laboratory/sign-on")({ component: SignOnPage });

function SignOnPage() {
  const { t } = useLingui();
  return (
    <Allowed to="settings:manage">
      <Loaded read="GET /laboratory/sign-on" input={{}} title={t`Single sign-on`}>
        {(signOn) => (
          <Loaded read="GET /roles" input={{ query: { limit: 200 } }} title={t`Single sign-on`}>
            {(roles) => (
              <Page
                title={t`Single sign-on`}
                lead={t`Your people sign in with the account of your organisation, and get the roles that its groups stand for.`}
              >
                <SignOnForm key={signOn.version} signOn={signOn} roles={roles.items} />
              </Page>
            )}
          </Loaded>
        )}
      </Loaded>
    </Allowed>
  );
}
