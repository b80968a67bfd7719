import { useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { Refrigerator } from "lucide-react";
import { useApi, useApiPages } from "@/api/queries";
import type { Location } from "@/api/types";
import { CatalogueList } from "@/features/catalogue/catalogue-list";
import { LocationDialog } from "@/features/catalogue/location-dialog";
import { catalogueSearch } from "@/features/catalogue/search";
import { Allowed } from "@/session/allowed";
import type { Column } from "@/ui/data-table";
import { None } from "@/ui/none";

export const Route = createFileRoute("/_lab/catalogue/locations")({
  validateSearch: catalogueSearch,
  component: () => (
    <Allowed to="catalog:read">
      <Locations />
    </Allowed>
  ),
});

function Locations() {
  const { t } = useLingui();
  const search = Route.useSearch();
  const pages = useApiPages("GET /locations", { query: { q: search.q } });
  const id = search.change ?? "new";
  const opened = useApi("GET /locations/{id}", { path: { id } }, { enabled: id !== "new" });
  const columns: Column<Location>[] = [
    { id: "description", header: t`Description`, width: "minmax(16rem, 2fr)", cell: (row) => row.description },
  ];
  return (
    <CatalogueList
      at="/catalogue/locations"
      search={search}
      icon={<Refrigerator />}
      words={{
        title: t`Storage locations`,
        lead: t`Where samples are kept; reception chooses one of them.`,
        add: t`New storage location`,
        search: t`Search storage locations`,
        empty: t`No storage locations yet`,
        nothing: t`No storage location of that name`,
      }}
      pages={pages}
      opened={opened}
      columns={columns}
      second={(row) => row.description ?? <None />}
      dialog={(record, onClose) => <LocationDialog record={record} onClose={onClose} />}
    />
  );
}
