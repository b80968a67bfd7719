import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useNavigate } from "@tanstack/react-router";
import { BadgeCheck, FlaskConical, Plus } from "lucide-react";
import { useState } from "react";
import { useApiPages } from "@/api/queries";
import type { Test } from "@/api/types";
import { useMay } from "@/session/session";
import { Button } from "@/ui/button";
import { type Column, rowLinkClass } from "@/ui/data-table";
import { ListPage } from "@/ui/list-page";
import { Pill } from "@/ui/pill";
import { SearchBox } from "@/ui/search-box";
import { NotInUse } from "./in-use";
import { Accredited, TestDetails } from "./test-details";
import { TestEditor } from "./test-dialog";
import { useCatalogueWords } from "./words";

/** What the laboratory can determine. */
export function TestList({ q, test }: { q: string | undefined; test: string | undefined }) {
  const { t } = useLingui();
  const may = useMay();
  const navigate = useNavigate();
  const words = useCatalogueWords();
  const pages = useApiPages("GET /tests", { query: { q } });
  const [editing, setEditing] = useState<Test | "new" | null>(null);
  const locked = may("catalog:manage") ? undefined : t`Your roles lack the permission ${"catalog:manage"}.`;
  const close = () => void navigate({ to: "/catalogue/tests", search: q ? { q } : {} });
  const columns: Column<Test>[] = [
    { id: "code", header: t`Code`, width: "6rem", cell: (row) => <span className="mono">{row.code}</span> },
    { id: "method", header: t`Method`, width: "minmax(10rem, 1.2fr)", cell: (row) => row.method },
    { id: "unit", header: t`Unit`, width: "7rem", cell: (row) => row.unit || null },
    { id: "type", roomy: true, header: t`Result`, width: "6rem", cell: (row) => words.resultType(row.result_type) },
    {
      id: "lod",
      header: "LOD",
      width: "5rem",
      align: "end",
      cell: (row) => row.lod && <span className="mono">{row.lod}</span>,
    },
    {
      id: "loq",
      roomy: true,
      header: "LOQ",
      width: "5rem",
      align: "end",
      cell: (row) => row.loq && <span className="mono">{row.loq}</span>,
    },
    { id: "accredited", header: t`Accredited`, width: "7rem", cell: (row) => <Accredited test={row} /> },
  ];
  return (
    <ListPage
      title={t`Tests`}
      lead={t`Analyte, method and unit together make a test; what is accredited is marked.`}
      action={
        <Button tone="primary" icon={<Plus />} onClick={() => setEditing("new")} disabledReason={locked}>
          <Trans>New test</Trans>
        </Button>
      }
      filters={
        <SearchBox
          value={q ?? ""}
          onChange={(text) =>
            void navigate({ to: "/catalogue/tests", search: { ...(text ? { q: text } : {}), test }, replace: true })
          }
          label={t`Search tests`}
          placeholder={t`Name or code`}
        />
      }
      pages={pages}
      name={{
        header: t`Test`,
        width: "minmax(10rem, 1.6fr)",
        of: (row) => (
          <span className="flex items-center gap-2">
            <Link to="/catalogue/tests" search={{ q, test: row.id }} className={`truncate ${rowLinkClass}`}>
              {row.name}
            </Link>
            {!row.active && <NotInUse />}
          </span>
        ),
      }}
      columns={columns}
      narrow={{
        marks: (row) =>
          row.accredited && (
            <Pill tone="accent" icon={<BadgeCheck aria-hidden />}>
              {t`Accredited`}
            </Pill>
          ),
        second: (row) => (
          <>
            <span className="mono">{row.code}</span> · {[row.method, row.unit].filter(Boolean).join(" · ")}
          </>
        ),
      }}
      empty={{
        icon: <FlaskConical />,
        title: q ? t`No test of that name or code` : t`The catalogue has no tests yet`,
        filtered: Boolean(q),
      }}
    >
      {test && (
        <TestDetails
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
    </ListPage>
  );
}
