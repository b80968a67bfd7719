import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useAct } from "@/api/queries";
import type { Role } from "@/api/types-records";
import { ActDialog } from "@/ui/act-dialog";
import { Button } from "@/ui/button";
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
      {asking && (
        <ActDialog
          danger
          title={t`Delete the role ${role.name}?`}
          onClose={() => setAsking(false)}
          onSubmit={() =>
            act.mutate(
              { path: { id: role.id }, options: { version: role.version } },
              { onSuccess: () => void navigate({ to: "/roles" }) },
            )
          }
          busy={act.isPending}
          label={t`Delete`}
        >
          <p>
            <Trans>Nobody holds it. What it was stays in the audit trail.</Trans>
          </p>
          <ActError error={act.error} />
        </ActDialog>
      )}
    </>
  );
}
