import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { Plus, Ruler } from "lucide-react";
import { useState } from "react";
import { useApi } from "@/api/queries";
import type { Specification } from "@/api/types";
import { SpecificationCard } from "@/features/catalogue/specification-card";
import { SpecificationDialog } from "@/features/catalogue/specification-dialog";
import { Allowed } from "@/session/allowed";
import { useMay, useMe } from "@/session/session";
import { Button } from "@/ui/button";
import { Page } from "@/ui/page";
import { ErrorState, Skeleton, StateMessage } from "@/ui/states";

export const Route = createFileRoute("/_lab/catalogue/specifications")({
  component: () => (
    <Allowed to="catalog:read">
      <Specifications />
    </Allowed>
  ),
});

function Specifications() {
  const { t } = useLingui();
  const may = useMay();
  const medical = useMe().laboratory.kind === "medical";
  const specifications = useApi("GET /specifications", { query: { limit: 200 } });
  const tests = useApi("GET /tests", { query: { limit: 200 } });
  const types = useApi("GET /sample-types", { query: { limit: 200 } });
  const [editing, setEditing] = useState<Specification | "new" | null>(null);
  const locked = may("catalog:manage") ? undefined : t`Your roles lack the permission ${"catalog:manage"}.`;
  const ofClients = specifications.data?.items.some((each) => each.client_id !== null) === true;
  const clients = useApi("GET /clients", { query: { limit: 200 } }, { enabled: ofClients && may("client:read") });
  const clientOf = new Map(clients.data?.items.map((each) => [each.id, each.name]));
  const add = (
    <Button tone="primary" icon={<Plus />} onClick={() => setEditing("new")} disabledReason={locked}>
      {medical ? <Trans>New reference ranges</Trans> : <Trans>New specification</Trans>}
    </Button>
  );
  const testOf = new Map(tests.data?.items.map((each) => [each.id, each]));
  const typeOf = new Map(types.data?.items.map((each) => [each.id, each.name]));
  return (
    <Page
      title={medical ? t`Reference ranges` : t`Specifications`}
      lead={t`Limits a result is judged by, and the rule of the judgement.`}
      actions={specifications.data?.items.length !== 0 && add}
    >
      {specifications.error ? (
        <ErrorState error={specifications.error} onRetry={() => void specifications.refetch()} />
      ) : specifications.isPending ? (
        <div aria-busy className="flex flex-col gap-4">
          <Skeleton className="h-64" />
          <Skeleton className="h-64" />
        </div>
      ) : specifications.data.items.length === 0 ? (
        <StateMessage icon={<Ruler />} title={t`Nothing is judged yet`} action={add} />
      ) : (
        <div className="flex flex-col gap-4">
          {specifications.data.items.map((each) => (
            <SpecificationCard
              key={each.id}
              specification={each}
              testOf={testOf}
              typeName={each.sample_type_id ? typeOf.get(each.sample_type_id) : undefined}
              clientName={each.client_id ? clientOf.get(each.client_id) : undefined}
              onChange={locked ? undefined : () => setEditing(each)}
            />
          ))}
        </div>
      )}
      {editing && (
        <SpecificationDialog
          specification={editing === "new" ? null : editing}
          names={
            editing === "new"
              ? {}
              : { type: typeOf.get(editing.sample_type_id ?? ""), client: clientOf.get(editing.client_id ?? "") }
          }
          onClose={() => setEditing(null)}
        />
      )}
    </Page>
  );
}
