import { useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { BookOpenText, Thermometer } from "lucide-react";
import { useApi } from "@/api/queries";
import type { SampleType } from "@/api/types";
import { CatalogueCards } from "@/features/catalogue/catalogue-cards";
import { SampleTypeDialog } from "@/features/catalogue/sample-type-dialog";
import { Allowed } from "@/session/allowed";
import { useMe } from "@/session/session";
import { Facts } from "@/ui/page";
import { Pill } from "@/ui/pill";

export const Route = createFileRoute("/_lab/catalogue/sample-types")({
  component: () => (
    <Allowed to="catalog:read">
      <SampleTypes />
    </Allowed>
  ),
});

function SampleTypes() {
  const { t } = useLingui();
  const medical = useMe().laboratory.kind === "medical";
  const list = useApi("GET /sample-types", { query: { limit: 200 } });
  return (
    <CatalogueCards
      words={{
        title: medical ? t`Specimen types` : t`Sample types`,
        lead: t`What reception asks for depends on the type.`,
        add: medical ? t`New specimen type` : t`New sample type`,
        empty: t`The catalogue has no types yet`,
      }}
      icon={<BookOpenText />}
      list={list}
      card={(type) => <TypeFacts type={type} />}
      dialog={(type, onClose) => <SampleTypeDialog type={type} onClose={onClose} />}
    />
  );
}

function TypeFacts({ type }: { type: SampleType }) {
  const { t } = useLingui();
  const range =
    type.temperature_min || type.temperature_max
      ? `${type.temperature_min ?? "−∞"} – ${type.temperature_max ?? "∞"} °C`
      : null;
  return (
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
  );
}
