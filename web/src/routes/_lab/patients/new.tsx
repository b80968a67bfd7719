import { useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { NewPatient } from "@/features/patients/new-patient";
import { useMay } from "@/session/session";
import { Page } from "@/ui/page";
import { ForbiddenState } from "@/ui/states";

export const Route = createFileRoute("/_lab/patients/new")({ component: New });

function New() {
  const { t } = useLingui();
  const may = useMay();
  if (!may("patient:manage")) return <ForbiddenState />;
  return (
    <Page title={t`New patient`}>
      <NewPatient />
    </Page>
  );
}
