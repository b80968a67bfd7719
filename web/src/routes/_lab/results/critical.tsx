import { useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import * as v from "valibot";
import { CriticalNotices } from "@/features/results/critical";
import { useMay } from "@/session/session";
import { Page } from "@/ui/page";
import { ForbiddenState } from "@/ui/states";
import { View, Views } from "@/ui/views";

export const Route = createFileRoute("/_lab/results/critical")({
  validateSearch: v.object({ status: v.optional(v.fallback(v.optional(v.picklist(["all"])), undefined)) }),
  component: Critical,
});

function Critical() {
  const { t } = useLingui();
  const { status } = Route.useSearch();
  const may = useMay();
  if (!may("critical:notify") && !may("result:read")) return <ForbiddenState />;
  const views = [
    { id: undefined, label: t`To be told` },
    { id: "all", label: t`All` },
  ] as const;
  return (
    <Page
      title={t`Critical values`}
      lead={t`Somebody is told at once, even before the result is verified. Every attempt is recorded.`}
    >
      <Views className="mb-4">
        {views.map((view) => (
          <View
            key={view.label}
            to="/results/critical"
            search={view.id ? { status: view.id } : {}}
            current={status === view.id}
          >
            {view.label}
          </View>
        ))}
      </Views>
      <CriticalNotices status={status === "all" ? undefined : "open"} />
    </Page>
  );
}
