import { createFileRoute } from "@tanstack/react-router";
import * as v from "valibot";
import { ClientList } from "@/features/catalogue/client-list";
import { Allowed } from "@/session/allowed";

export const Route = createFileRoute("/_lab/clients/")({
  validateSearch: v.object({ q: v.optional(v.pipe(v.unknown(), v.transform(String))) }),
  component: Clients,
});

function Clients() {
  const { q } = Route.useSearch();
  return (
    <Allowed to="client:read">
      <ClientList q={q} />
    </Allowed>
  );
}
