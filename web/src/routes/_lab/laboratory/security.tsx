import { useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { SecurityForm } from "@/features/security/security-form";
import { Allowed } from "@/session/allowed";
import { Loaded } from "@/shell/loaded";
import { Page } from "@/ui/page";

export const Route = createFileRoute("/_lab/laboratory/security")({ component: SecurityPage });

function SecurityPage() {
  const { t } = useLingui();
  return (
    <Allowed to={["settings:read", "settings:manage"]}>
      <Loaded read="GET /laboratory" input={{}} title={t`Security`}>
        {(laboratory) => (
          <Page
            title={t`Security`}
            lead={t`How people prove who they are, how long that holds, and where two of them are needed. Each bound is a safe one: the page takes nothing weaker.`}
          >
            <SecurityForm key={laboratory.version} laboratory={laboratory} />
          </Page>
        )}
      </Loaded>
    </Allowed>
  );
}
