import { useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import * as v from "valibot";
import { Reception } from "@/features/receive/reception";
import { useMay, useMe } from "@/session/session";
import { Page } from "@/ui/page";
import { ForbiddenState } from "@/ui/states";

export const Route = createFileRoute("/_lab/samples/receive")({
  validateSearch: v.object({ ids: v.optional(v.string()) }),
  component: Receive,
});

function Receive() {
  const { t } = useLingui();
  const { ids } = Route.useSearch();
  const may = useMay();
  const medical = useMe().laboratory.kind === "medical";
  if (!may("sample:receive")) return <ForbiddenState />;
  return (
    <Page title={medical ? t`Receive specimens` : t`Receive samples`}>
      <Reception ids={ids?.split(",").filter(Boolean) ?? []} />
    </Page>
  );
}
