import { createFileRoute } from "@tanstack/react-router";
import { InvitationList } from "@/features/platform/invitations";
import { Allowed } from "@/session/allowed";

export const Route = createFileRoute("/_lab/platform/support")({ component: Support });

function Support() {
  return (
    <Allowed to="platform:read">
      <InvitationList />
    </Allowed>
  );
}
