import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { PackageCheck, PackagePlus } from "lucide-react";
import { SampleFilters } from "@/features/samples/filters";
import { SampleList } from "@/features/samples/sample-list";
import { sampleSearch } from "@/features/samples/search";
import { useMay, useMe } from "@/session/session";
import { ButtonLink } from "@/ui/button";
import { Page } from "@/ui/page";
import { ForbiddenState } from "@/ui/states";

export const Route = createFileRoute("/_lab/samples/")({
  validateSearch: sampleSearch,
  component: Samples,
});

function Samples() {
  const { t } = useLingui();
  const search = Route.useSearch();
  const may = useMay();
  const medical = useMe().laboratory.kind === "medical";
  const register = may("sample:register") && (
    <ButtonLink to="/samples/register" tone="primary" icon={<PackagePlus />}>
      <Trans>Register</Trans>
    </ButtonLink>
  );
  if (!may("sample:read")) return <ForbiddenState />;
  return (
    <Page
      fill
      title={medical ? t`Specimens` : t`Samples`}
      actions={
        <>
          {may("sample:receive") && (
            <ButtonLink to="/samples/receive" icon={<PackageCheck />}>
              <Trans>Receive</Trans>
            </ButtonLink>
          )}
          {register}
        </>
      }
    >
      <SampleFilters search={search} />
      <SampleList search={search} emptyAction={register} />
    </Page>
  );
}
