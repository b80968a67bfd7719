import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { BookOpenText, Plus, SquarePen, Thermometer } from "lucide-react";
import { useState } from "react";
import { useApi } from "@/api/queries";
import type { SampleType } from "@/api/types";
import { NotInUse } from "@/features/catalogue/in-use";
import { SampleTypeDialog } from "@/features/catalogue/sample-type-dialog";
import { useMay, useMe } from "@/session/session";
import { Button, IconButton } from "@/ui/button";
import { Card, Facts, Page } from "@/ui/page";
import { Pill } from "@/ui/pill";
import { ErrorState, ForbiddenState, Skeleton, StateMessage } from "@/ui/states";

export const Route = createFileRoute("/_lab/catalogue/sample-types")({ component: SampleTypes });

function SampleTypes() {
  const { t } = useLingui();
  const may = useMay();
  const medical = useMe().laboratory.kind === "medical";
  const [editing, setEditing] = useState<SampleType | "new" | null>(null);
  const locked = may("catalog:manage") ? undefined : t`Your roles lack the permission ${"catalog:manage"}.`;
  const types = useApi("GET /sample-types", { query: { limit: 200 } });
  if (!may("catalog:read")) return <ForbiddenState />;
  return (
    <Page
      title={medical ? t`Specimen types` : t`Sample types`}
      lead={t`What reception asks for depends on the type.`}
      actions={
        <Button tone="primary" icon={<Plus />} onClick={() => setEditing("new")} disabledReason={locked}>
          {medical ? <Trans>New specimen type</Trans> : <Trans>New sample type</Trans>}
        </Button>
      }
    >
      {types.error ? (
        <ErrorState error={types.error} onRetry={() => void types.refetch()} />
      ) : types.isPending ? (
        <div aria-busy className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
          {[0, 1, 2].map((each) => (
            <Skeleton key={each} className="h-36" />
          ))}
        </div>
      ) : types.data.items.length === 0 ? (
        <StateMessage icon={<BookOpenText />} title={t`The catalogue has no types yet`} />
      ) : (
        <ul className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
          {types.data.items.map((type) => (
            <li key={type.id}>
              <TypeCard type={type} onChange={locked ? undefined : () => setEditing(type)} />
            </li>
          ))}
        </ul>
      )}
      {editing && <SampleTypeDialog type={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </Page>
  );
}

function TypeCard({ type, onChange }: { type: SampleType; onChange: (() => void) | undefined }) {
  const { t } = useLingui();
  const range =
    type.temperature_min || type.temperature_max
      ? `${type.temperature_min ?? "−∞"} – ${type.temperature_max ?? "∞"} °C`
      : null;
  return (
    <Card
      className="h-full"
      title={type.name}
      marks={!type.active && <NotInUse />}
      actions={
        onChange && (
          <IconButton
            label={t`Change ${type.name}`}
            icon={<SquarePen className="text-muted" />}
            className="-me-2"
            onClick={onChange}
          />
        )
      }
    >
      <Facts
        items={[
          [t`Matrix`, type.matrix],
          [
            t`Wanted temperature`,
            range || type.requires_temperature ? (
              <span key="temperature" className="flex flex-wrap items-center gap-x-2 gap-y-1">
                {range && <span className="mono">{range}</span>}
                {type.requires_temperature && (
                  <Pill tone="blue" icon={<Thermometer aria-hidden />}>
                    {t`Temperature asked`}
                  </Pill>
                )}
              </span>
            ) : null,
          ],
          [t`Containers`, type.containers],
        ]}
      />
    </Card>
  );
}
