import { createFileRoute } from "@tanstack/react-router";
import { LaboratorySessions } from "@/features/access/laboratory-sessions";
import { Allowed } from "@/session/allowed";

export const Route = createFileRoute("/_lab/sessions/")({ component: Sessions });

function Sessions() {
  return (
    <Allowed to="user:manage">
      <LaboratorySessions />
    </Allowed>
  );
}
