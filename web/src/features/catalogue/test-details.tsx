import { Trans, useLingui } from "@lingui/react/macro";
import { BadgeCheck, SquarePen } from "lucide-react";
import { useApi } from "@/api/queries";
import type { Test } from "@/api/types";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Facts } from "@/ui/page";
import { Pill } from "@/ui/pill";
import { ErrorState, Skeleton } from "@/ui/states";
import { useCatalogueWords } from "./words";

/** All that the catalogue says about a test. */
export function TestDetails({
  id,
  locked,
  onEdit,
  onClose,
}: {
  id: string;
  locked: string | undefined;
  onEdit: (test: Test) => void;
  onClose: () => void;
}) {
  const { t } = useLingui();
  const words = useCatalogueWords();
  const { data: test, error } = useApi("GET /tests/{id}", { path: { id } });
  const mono = (text: string | null) => (text ? <span className="mono">{text}</span> : null);
  return (
    <Dialog
      open
      onClose={onClose}
      title={test?.name ?? t`Test`}
      description={test ? `${test.code} · ${test.method}` : undefined}
      footer={
        <Button icon={<SquarePen />} disabledReason={locked} onClick={() => test && onEdit(test)}>
          <Trans>Change…</Trans>
        </Button>
      }
    >
      {error ? (
        <ErrorState error={error} className="py-6" />
      ) : !test ? (
        <Skeleton className="h-64 w-full" />
      ) : (
        <Facts
          items={[
            [t`Analyte`, test.analyte],
            [t`Fraction`, test.fraction],
            [t`Basis`, test.basis],
            [t`Method`, test.method],
            [t`Specimen`, test.specimen],
            [t`Unit`, test.unit],
            [t`Result`, words.resultType(test.result_type)],
            test.codes && test.codes.length > 0 && [t`Choices`, test.codes.join(", ")],
            [t`Decimals`, test.decimals],
            [t`Significant figures`, test.significant_figures],
            ["LOD", mono(test.lod)],
            ["LOQ", mono(test.loq)],
            [t`Uncertainty`, mono(words.uncertainty(test))],
            [t`Holding time`, words.hours(test.hold_time_hours)],
            [t`Turnaround time`, words.hours(test.turnaround_hours)],
            [t`Accredited`, <Accredited key="accredited" test={test} />],
            ["LOINC", mono(test.loinc)],
            ["UCUM", mono(test.ucum)],
          ]}
        />
      )}
    </Dialog>
  );
}

export function Accredited({ test }: { test: Test }) {
  const { t } = useLingui();
  return test.accredited ? (
    <Pill tone="accent" icon={<BadgeCheck aria-hidden />}>
      {t({ message: "Yes", context: "accredited" })}
    </Pill>
  ) : (
    <span className="text-muted">{t({ message: "No", context: "accredited" })}</span>
  );
}
