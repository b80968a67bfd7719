import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useAct } from "@/api/queries";
import type { Role } from "@/api/types-records";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { ActError } from "@/ui/states";

/** A role goes when nobody holds it any more. */
export function DeleteRole({ deleted: role, locked }: { deleted: Role; locked: string | undefined }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const act = useAct("DELETE /roles/{id}");
  const [asking, setAsking] = useState(false);
  const why =
    locked ??
    (role.builtin
      ? t`A role that ships with Attest stays.`
      : role.user_count > 0
        ? t`Somebody still holds it.`
        : undefined);
  return (
    <>
      <Button tone="danger" icon={<Trash2 />} onClick={() => setAsking(true)} disabledReason={why}>
        <Trans>Delete…</Trans>
      </Button>
      <Dialog
        open={asking}
        onClose={() => setAsking(false)}
        title={t`Delete the role ${role.name}?`}
        footer={
          <>
            <Button onClick={() => setAsking(false)}>
              <Trans>Back</Trans>
            </Button>
            <Button
              tone="danger"
              busy={act.isPending}
              onClick={() =>
                act.mutate(
                  { path: { id: role.id }, options: { version: role.version } },
                  { onSuccess: () => void navigate({ to: "/roles" }) },
                )
              }
            >
              <Trans>Delete</Trans>
            </Button>
          </>
        }
      >
        <p>
          <Trans>Nobody holds it. What it was stays in the audit trail.</Trans>
        </p>
        <ActError error={act.error} />
      </Dialog>
    </>
  );
}
