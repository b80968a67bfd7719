import { Plural, useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { Layers } from "lucide-react";
import { useApi } from "@/api/queries";
import type { Panel } from "@/api/types";
import { CatalogueCards } from "@/features/catalogue/catalogue-cards";
import { PanelDialog } from "@/features/catalogue/panel-dialog";
import { Allowed } from "@/session/allowed";

export const Route = createFileRoute("/_lab/catalogue/panels")({
  component: () => (
    <Allowed to="catalog:read">
      <Panels />
    </Allowed>
  ),
});

function Panels() {
  const { t } = useLingui();
  const list = useApi("GET /panels", { query: { limit: 200 } });
  return (
    <CatalogueCards
      words={{
        title: t`Panels`,
        lead: t`Tests that are usually ordered together, under one name.`,
        add: t`New panel`,
        empty: t`The catalogue has no panels yet`,
      }}
      icon={<Layers />}
      list={list}
      card={(panel) => <PanelTests panel={panel} />}
      dialog={(panel, onClose) => <PanelDialog panel={panel} onClose={onClose} />}
    />
  );
}

function PanelTests({ panel }: { panel: Panel }) {
  return (
    <>
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
    </>
  );
}
