import { useLingui } from "@lingui/react/macro";
import { createFileRoute, Link } from "@tanstack/react-router";
import * as v from "valibot";
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
      <nav aria-label={t`Views`} className="mb-4 flex gap-1 overflow-x-auto py-0.5">
        {views.map((view) => (
          <Link
            key={view.label}
            to="/results/critical"
            search={view.id ? { status: view.id } : {}}
            aria-current={status === view.id ? "true" : undefined}
            className={`flex min-h-[var(--control)] items-center rounded-md px-3 whitespace-nowrap ${status === view.id ? "bg-selected font-medium text-accent" : "text-muted hover:bg-hover hover:text-ink"}`}
          >
            {view.label}
          </Link>
        ))}
      </nav>
      <CriticalNotices status={status === "all" ? undefined : "open"} />
    </Page>
  );
}
