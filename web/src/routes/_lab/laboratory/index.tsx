import { useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { LaboratoryForm } from "@/features/people/laboratory";
import { Allowed } from "@/session/allowed";
import { Loaded } from "@/shell/loaded";
import { Page } from "@/ui/page";

export const Route = createFileRoute("/_lab/laboratory/")({ component: LaboratoryPage });

function LaboratoryPage() {
  const { t } = useLingui();
  return (
    <Allowed to={["settings:read", "settings:manage"]}>
      <Loaded read="GET /laboratory" input={{}} title={t`Settings`}>
        {(laboratory) => (
          <Page title={t`Settings`} lead={laboratory.name}>
            <LaboratoryForm key={laboratory.version} laboratory={laboratory} />
          </Page>
        )}
      </Loaded>
    </Allowed>
  );
}
