import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute, Link, useNavigate } from "@tanstack/react-router";
import { BadgeCheck, FlaskConical, Plus, SquarePen } from "lucide-react";
import { useState } from "react";
import * as v from "valibot";
import { useApi, useApiPages } from "@/api/queries";
import type { Test } from "@/api/types";
import { NotInUse } from "@/features/catalogue/in-use";
import { TestEditor } from "@/features/catalogue/test-dialog";
import { useCatalogueWords } from "@/features/catalogue/words";
import { useMay } from "@/session/session";
import { Button } from "@/ui/button";
import { type Column, rowLinkClass } from "@/ui/data-table";
import { Dialog } from "@/ui/dialog";
import { Facts, Page } from "@/ui/page";
import { PagedTable } from "@/ui/paged-table";
import { Pill } from "@/ui/pill";
import { SearchBox } from "@/ui/search-box";
import { ErrorState, ForbiddenState, Skeleton, StateMessage } from "@/ui/states";

export const Route = createFileRoute("/_lab/catalogue/tests")({
  validateSearch: v.object({ q: v.optional(v.pipe(v.unknown(), v.transform(String))), test: v.optional(v.string()) }),
  component: Tests,
});

function Tests() {
  const { t } = useLingui();
  const may = useMay();
  const navigate = useNavigate();
  const { q, test } = Route.useSearch();
  const words = useCatalogueWords();
  const pages = useApiPages("GET /tests", { query: { q } });
  const [editing, setEditing] = useState<Test | "new" | null>(null);
  const locked = may("catalog:manage") ? undefined : t`Your roles lack the permission ${"catalog:manage"}.`;
  const close = () => void navigate({ to: "/catalogue/tests", search: q ? { q } : {} });
  if (!may("catalog:read")) return <ForbiddenState />;
  const none = <span className="text-faint">–</span>;
  const columns: Column<Test>[] = [
    { id: "name", header: t`Test`, width: "minmax(10rem, 1.6fr)", cell: () => null },
    { id: "code", header: t`Code`, width: "6rem", cell: (row) => <span className="mono">{row.code}</span> },
    { id: "method", header: t`Method`, width: "minmax(10rem, 1.2fr)", cell: (row) => row.method },
    { id: "unit", header: t`Unit`, width: "7rem", cell: (row) => row.unit || none },
    { id: "type", roomy: true, header: t`Result`, width: "6rem", cell: (row) => words.resultType(row.result_type) },
    {
      id: "lod",
      header: "LOD",
      width: "5rem",
      align: "end",
      cell: (row) => (row.lod ? <span className="mono">{row.lod}</span> : none),
    },
    {
      id: "loq",
      roomy: true,
      header: "LOQ",
      width: "5rem",
      align: "end",
      cell: (row) => (row.loq ? <span className="mono">{row.loq}</span> : none),
    },
    { id: "accredited", header: t`Accredited`, width: "7rem", cell: (row) => <Accredited test={row} /> },
  ];
  return (
    <Page
      fill
      title={t`Tests`}
      lead={t`Analyte, method and unit together make a test; what is accredited is marked.`}
      actions={
        <Button tone="primary" icon={<Plus />} onClick={() => setEditing("new")} disabledReason={locked}>
          <Trans>New test</Trans>
        </Button>
      }
    >
      <div className="flex px-4 pb-3 sm:px-6">
        <SearchBox
          value={q ?? ""}
          onChange={(text) =>
            void navigate({ to: "/catalogue/tests", search: { ...(text ? { q: text } : {}), test }, replace: true })
          }
          label={t`Search tests`}
          placeholder={t`Name or code`}
        />
      </div>
      <PagedTable
        label={t`Tests`}
        columns={columns}
        pages={pages}
        link={(row) => (
          <span className="flex items-center gap-2">
            <span className="truncate">
              <TestLink test={row} q={q} />
            </span>
            {!row.active && <NotInUse />}
          </span>
        )}
        narrow={(row) => (
          <div className="flex flex-col gap-1">
            <span className="flex items-center gap-2">
              <span className="min-w-0 flex-1 truncate">
                <TestLink test={row} q={q} />
              </span>
              {!row.active && <NotInUse />}
              {row.accredited && (
                <Pill tone="accent" icon={<BadgeCheck aria-hidden />}>
                  {t`Accredited`}
                </Pill>
              )}
            </span>
            <span className="truncate text-muted">
              <span className="mono">{row.code}</span> · {row.method} · {row.unit}
            </span>
          </div>
        )}
        empty={
          <StateMessage
            icon={<FlaskConical />}
            title={q ? t`No test of that name or code` : t`The catalogue has no tests yet`}
          />
        }
      />
      {test && (
        <TestDialog
          id={test}
          locked={locked}
          onEdit={(one) => {
            close();
            setEditing(one);
          }}
          onClose={close}
        />
      )}
      {editing && <TestEditor test={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </Page>
  );
}

function TestLink({ test, q }: { test: Test; q: string | undefined }) {
  return (
    <Link to="/catalogue/tests" search={{ q, test: test.id }} className={rowLinkClass}>
      {test.name}
    </Link>
  );
}

function Accredited({ test }: { test: Test }) {
  const { t } = useLingui();
  return test.accredited ? (
    <Pill tone="accent" icon={<BadgeCheck aria-hidden />}>
      {t({ message: "Yes", context: "accredited" })}
    </Pill>
  ) : (
    <span className="text-muted">{t({ message: "No", context: "accredited" })}</span>
  );
}

function TestDialog({
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
