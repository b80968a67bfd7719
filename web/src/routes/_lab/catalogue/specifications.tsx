import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { Plus, Ruler, SquarePen } from "lucide-react";
import { useState } from "react";
import { useApi } from "@/api/queries";
import type { Specification, SpecificationLimit, Test } from "@/api/types";
import { SpecificationDialog } from "@/features/catalogue/specification-dialog";
import { useCatalogueWords } from "@/features/catalogue/words";
import { limitText } from "@/features/results/marks";
import { useMay, useMe } from "@/session/session";
import { Button, IconButton } from "@/ui/button";
import { Card, Page, ScrollX } from "@/ui/page";
import { Pill } from "@/ui/pill";
import { ErrorState, ForbiddenState, Skeleton, StateMessage } from "@/ui/states";

export const Route = createFileRoute("/_lab/catalogue/specifications")({ component: Specifications });

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
  if (!may("catalog:read")) return <ForbiddenState />;
  const testOf = new Map(tests.data?.items.map((each) => [each.id, each]));
  const typeOf = new Map(types.data?.items.map((each) => [each.id, each.name]));
  return (
    <Page
      title={medical ? t`Reference ranges` : t`Specifications`}
      lead={t`Limits a result is judged by, and the rule of the judgement.`}
      actions={
        <Button tone="primary" icon={<Plus />} onClick={() => setEditing("new")} disabledReason={locked}>
          {medical ? <Trans>New reference ranges</Trans> : <Trans>New specification</Trans>}
        </Button>
      }
    >
      {specifications.error ? (
        <ErrorState error={specifications.error} onRetry={() => void specifications.refetch()} />
      ) : specifications.isPending ? (
        <div aria-busy className="flex flex-col gap-4">
          <Skeleton className="h-64" />
          <Skeleton className="h-64" />
        </div>
      ) : specifications.data.items.length === 0 ? (
        <StateMessage icon={<Ruler />} title={t`Nothing is judged yet`} />
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

function SpecificationCard({
  specification,
  testOf,
  typeName,
  clientName,
  onChange,
}: {
  specification: Specification;
  testOf: ReadonlyMap<string, Test>;
  typeName: string | undefined;
  clientName: string | undefined;
  onChange: (() => void) | undefined;
}) {
  const { t } = useLingui();
  const words = useCatalogueWords();
  const byPerson = specification.limits.some(
    (each) => each.sex !== null || each.age_min_days !== null || each.age_max_days !== null,
  );
  return (
    <Card
      flush
      title={specification.name}
      actions={
        <span className="flex flex-wrap items-center gap-1.5">
          {clientName && <Pill tone="violet">{clientName}</Pill>}
          {typeName && <Pill tone="blue">{typeName}</Pill>}
          <Pill tone="grey">{words.rule(specification.decision_rule)}</Pill>
          {!specification.active && <Pill tone="amber">{t`Not in use`}</Pill>}
          {onChange && (
            <IconButton
              label={t`Change ${specification.name}`}
              icon={<SquarePen className="text-muted" />}
              className="-me-2"
              onClick={onChange}
            />
          )}
        </span>
      }
    >
      <ScrollX label={specification.name}>
        <table className="w-full min-w-[40rem] border-collapse">
          <caption className="sr-only">{specification.name}</caption>
          <thead className="text-xs text-muted">
            <tr className="border-b border-line *:px-3 *:py-2 *:text-start *:font-medium *:first:ps-4">
              <th scope="col">{t`Test`}</th>
              {byPerson && <th scope="col">{t`For`}</th>}
              <th scope="col">{t`Limits`}</th>
              <th scope="col">{t`Warning`}</th>
              <th scope="col">{t`Critical`}</th>
              <th scope="col">{t`Guard band`}</th>
            </tr>
          </thead>
          <tbody>
            {specification.limits.map((limit, index) => (
              // One test may have many limits; their order is their identity.
              // oxlint-disable-next-line react/no-array-index-key
              <tr key={index} className="border-b border-line last:border-0 *:px-3 *:py-1.5 *:first:ps-4">
                <td>
                  {testOf.get(limit.test_id)?.name ?? "…"}{" "}
                  <span className="text-muted">{testOf.get(limit.test_id)?.unit}</span>
                </td>
                {byPerson && <td className="text-muted">{words.forWhom(limit)}</td>}
                <td className="mono">{limitText(limit) ?? "–"}</td>
                <td className="mono text-amber">{pair(limit, "warn_low", "warn_high")}</td>
                <td className="mono text-red">{pair(limit, "critical_low", "critical_high")}</td>
                <td className="mono text-muted">{limit.guard_band ?? "–"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
      <p className="border-t border-line px-4 py-2 text-xs text-muted">{words.judge(specification.judge)}</p>
    </Card>
  );
}

/** Alarm limits lie outside: below the low one or above the high one. */
function pair(
  limit: SpecificationLimit,
  low: "warn_low" | "critical_low",
  high: "warn_high" | "critical_high",
): string {
  const below = limit[low];
  const above = limit[high];
  return [below === null ? null : `< ${below}`, above === null ? null : `> ${above}`].filter(Boolean).join("  ") || "–";
}
