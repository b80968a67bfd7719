import { createFileRoute } from "@tanstack/react-router";
import { LaboratoryList } from "@/features/platform/laboratories";
import { Allowed } from "@/session/allowed";

export const Route = createFileRoute("/_lab/platform/laboratories")({ component: Laboratories });

function Laboratories() {
  return (
    <Allowed to="platform:read">
      <LaboratoryList />
    </Allowed>
  );
}
