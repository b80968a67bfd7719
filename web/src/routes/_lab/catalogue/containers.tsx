import { useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { Milk } from "lucide-react";
import { useApi, useApiPages } from "@/api/queries";
import type { Container } from "@/api/types";
import { CatalogueList } from "@/features/catalogue/catalogue-list";
import { ContainerDialog } from "@/features/catalogue/container-dialog";
import { catalogueSearch } from "@/features/catalogue/search";
import { Allowed } from "@/session/allowed";
import type { Column } from "@/ui/data-table";
import { None } from "@/ui/none";

export const Route = createFileRoute("/_lab/catalogue/containers")({
  validateSearch: catalogueSearch,
  component: () => (
    <Allowed to="catalog:read">
      <Containers />
    </Allowed>
  ),
});

function Containers() {
  const { t } = useLingui();
  const search = Route.useSearch();
  const pages = useApiPages("GET /containers", { query: { q: search.q } });
  const id = search.change ?? "new";
  const opened = useApi("GET /containers/{id}", { path: { id } }, { enabled: id !== "new" });
  const columns: Column<Container>[] = [
    { id: "volume", header: t`Volume`, width: "minmax(8rem, 0.6fr)", cell: (row) => row.volume },
    { id: "additive", header: t`Additive`, width: "minmax(12rem, 1.4fr)", cell: (row) => row.additive },
  ];
  return (
    <CatalogueList
      at="/catalogue/containers"
      search={search}
      icon={<Milk />}
      words={{
        title: t`Containers`,
        lead: t`What samples come in.`,
        add: t`New container`,
        search: t`Search containers`,
        empty: t`No containers yet`,
        nothing: t`No container of that name`,
      }}
      pages={pages}
      opened={opened}
      columns={columns}
      second={(row) => [row.volume, row.additive].filter(Boolean).join(" · ") || <None />}
      dialog={(record, onClose) => <ContainerDialog record={record} onClose={onClose} />}
    />
  );
}
