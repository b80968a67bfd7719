import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { RotateCw } from "lucide-react";
import { SeparationWalls } from "@/features/security/separation";
import { Allowed } from "@/session/allowed";
import { Loaded } from "@/shell/loaded";
import { Button } from "@/ui/button";
import { Page } from "@/ui/page";
import { TimeText } from "@/ui/time-text";

export const Route = createFileRoute("/_lab/laboratory/separation")({ component: SeparationPage });

function SeparationPage() {
  const { t } = useLingui();
  return (
    <Allowed to={["settings:manage", "audit:read"]}>
      <Loaded read="GET /laboratory/separation" input={{}} title={t`Data separation`}>
        {(separation, again) => (
          <Page
            title={t`Data separation`}
            lead={
              <Trans>
                What keeps this laboratory's data apart from every other's, asked of the running system itself at{" "}
                <TimeText at={separation.checked_at} />.
              </Trans>
            }
            actions={
              <Button icon={<RotateCw />} busy={again.busy} onClick={again.read}>
                <Trans>Check again</Trans>
              </Button>
            }
          >
            <SeparationWalls separation={separation} />
          </Page>
        )}
      </Loaded>
    </Allowed>
  );
}
