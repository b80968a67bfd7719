import { useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { Microscope } from "lucide-react";
import { useApi, useApiPages } from "@/api/queries";
import type { Instrument } from "@/api/types-catalogue";
import { Calibration } from "@/features/catalogue/calibration";
import { CatalogueList } from "@/features/catalogue/catalogue-list";
import { InstrumentDialog } from "@/features/catalogue/instrument-dialog";
import { catalogueSearch } from "@/features/catalogue/search";
import { Allowed } from "@/session/allowed";
import type { Column } from "@/ui/data-table";

export const Route = createFileRoute("/_lab/catalogue/instruments")({
  validateSearch: catalogueSearch,
  component: () => (
    <Allowed to="catalog:read">
      <Instruments />
    </Allowed>
  ),
});

function Instruments() {
  const { t } = useLingui();
  const search = Route.useSearch();
  const pages = useApiPages("GET /instruments", { query: { q: search.q } });
  const id = search.change ?? "new";
  const opened = useApi("GET /instruments/{id}", { path: { id } }, { enabled: id !== "new" });
  const columns: Column<Instrument>[] = [
    {
      id: "serial",
      header: t`Serial number`,
      width: "minmax(9rem, 1fr)",
      cell: (row) => row.serial_number && <span className="mono">{row.serial_number}</span>,
    },
    {
      id: "calibrated",
      header: t`Calibrated until`,
      width: "minmax(17rem, 1.2fr)",
      cell: (row) => <Calibration instrument={row} />,
    },
  ];
  return (
    <CatalogueList
      at="/catalogue/instruments"
      search={search}
      icon={<Microscope />}
      words={{
        title: t`Instruments`,
        lead: t`What results are measured with. One that is out of calibration gives none.`,
        add: t`New instrument`,
        search: t`Search instruments`,
        empty: t`No instruments yet`,
        nothing: t`No instrument of that name`,
      }}
      pages={pages}
      opened={opened}
      columns={columns}
      second={(row) => <Calibration labelled instrument={row} />}
      dialog={(record, onClose) => <InstrumentDialog record={record} onClose={onClose} />}
    />
  );
}
