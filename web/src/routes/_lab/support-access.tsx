import { createFileRoute } from "@tanstack/react-router";
import { SupportList } from "@/features/support/list";
import { Allowed } from "@/session/allowed";

export const Route = createFileRoute("/_lab/support-access")({ component: SupportAccess });

function SupportAccess() {
  return (
    <Allowed to="user:read">
      <SupportList />
    </Allowed>
  );
}
