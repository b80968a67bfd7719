import { useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import * as v from "valibot";
import { ListViews } from "@/features/list-views";
import { CriticalNotices } from "@/features/results/critical";
import { useMay } from "@/session/session";
import { Page } from "@/ui/page";
import { ForbiddenState } from "@/ui/states";

export const Route = createFileRoute("/_lab/results/critical")({
  validateSearch: v.object({ status: v.optional(v.fallback(v.optional(v.picklist(["all"])), undefined)) }),
  component: Critical,
});

function Critical() {
  const { t } = useLingui();
  const search = Route.useSearch();
  const may = useMay();
  if (!may("critical:notify") && !may("result:read")) return <ForbiddenState />;
  const views = [
    { value: undefined, label: t`To be told` },
    { value: "all", label: t`All` },
  ] as const;
  return (
    <Page
      title={t`Critical values`}
      lead={t`Somebody is told at once, even before the result is verified. Every attempt is recorded.`}
    >
      <ListViews className="mb-4" at="/results/critical" search={search} by="status" views={views} />
      <CriticalNotices status={search.status === "all" ? undefined : "open"} />
    </Page>
  );
}
