import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { Layers, Plus, SquarePen } from "lucide-react";
import { useState } from "react";
import { useApi } from "@/api/queries";
import type { Panel } from "@/api/types";
import { NotInUse } from "@/features/catalogue/in-use";
import { PanelDialog } from "@/features/catalogue/panel-dialog";
import { useMay } from "@/session/session";
import { Button, IconButton } from "@/ui/button";
import { Card, Page } from "@/ui/page";
import { ErrorState, ForbiddenState, Skeleton, StateMessage } from "@/ui/states";

export const Route = createFileRoute("/_lab/catalogue/panels")({ component: Panels });

function Panels() {
  const { t } = useLingui();
  const may = useMay();
  const [editing, setEditing] = useState<Panel | "new" | null>(null);
  const locked = may("catalog:manage") ? undefined : t`Your roles lack the permission ${"catalog:manage"}.`;
  const panels = useApi("GET /panels", { query: { limit: 200 } }, { enabled: may("catalog:read") });
  if (!may("catalog:read")) return <ForbiddenState />;
  return (
    <Page
      title={t`Panels`}
      lead={t`Tests that are usually ordered together, under one name.`}
      actions={
        <Button tone="primary" icon={<Plus />} onClick={() => setEditing("new")} disabledReason={locked}>
          <Trans>New panel</Trans>
        </Button>
      }
    >
      {panels.error ? (
        <ErrorState error={panels.error} onRetry={() => void panels.refetch()} />
      ) : panels.isPending ? (
        <div aria-busy className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
          {[0, 1, 2].map((each) => (
            <Skeleton key={each} className="h-36" />
          ))}
        </div>
      ) : panels.data.items.length === 0 ? (
        <StateMessage icon={<Layers />} title={t`The catalogue has no panels yet`} />
      ) : (
        <ul className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
          {panels.data.items.map((panel) => (
            <li key={panel.id}>
              <PanelCard panel={panel} onChange={locked ? undefined : () => setEditing(panel)} />
            </li>
          ))}
        </ul>
      )}
      {editing && <PanelDialog panel={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </Page>
  );
}

function PanelCard({ panel, onChange }: { panel: Panel; onChange: (() => void) | undefined }) {
  const { t } = useLingui();
  return (
    <Card
      className="h-full"
      title={panel.name}
      marks={!panel.active && <NotInUse />}
      actions={
        onChange && (
          <IconButton
            label={t`Change ${panel.name}`}
            icon={<SquarePen className="text-muted" />}
            className="-me-2"
            onClick={onChange}
          />
        )
      }
    >
      <p className="mb-2 text-xs text-muted">
        {panel.code && <span className="mono">{panel.code} · </span>}
        <Plural value={panel.tests.length} one="# test" other="# tests" />
      </p>
      <ul className="flex flex-wrap gap-1">
        {panel.tests.map((test) => (
          <li key={test.id} className="rounded-sm bg-sunken px-1.5 py-0.5 text-xs">
            {test.name}
          </li>
        ))}
      </ul>
    </Card>
  );
}
