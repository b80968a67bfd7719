import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct } from "@/api/queries";
import { RoleChoice } from "@/features/people/role-choice";
import { ActDialog, ReasonField } from "@/ui/act-dialog";
import { SelectField, TextField } from "@/ui/field";
import { Notice } from "@/ui/page";
import { ActError } from "@/ui/states";

const HOURS = ["1", "4", "8", "24", "72"] as const;

/** Somebody of the platform is let in for a while: who, as what, how long, what for. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const act = useAct("POST /support-access");
  const [email, setEmail] = useState("");
  const [roles, setRoles] = useState<ReadonlySet<string>>(new Set());
  const [hours, setHours] = useState<(typeof HOURS)[number]>("4");
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const server = (path: string) => (isProblem(act.error) ? act.error.field(path) : undefined);
  const missing = {
    email: !/^\S+@\S+$/.test(email.trim()),
    roles: roles.size === 0,
    reason: reason.trim() === "",
  };
  const submit = () => {
    setTried(true);
    if (Object.values(missing).some(Boolean)) return;
    act.mutate(
      {
        body: {
          operator_email: email.trim(),
          role_ids: [...roles],
          hours: Number(hours),
          reason: reason.trim(),
        },
      },
      { onSuccess: onClose },
    );
  };
  return (
    <ActDialog
      wide
      title={t`Invite support`}
      description={t`Somebody of the platform may enter your laboratory until the time is over. Nobody can prolong it.`}
      label={t`Invite`}
      busy={act.isPending}
      onClose={onClose}
      onSubmit={submit}
    >
      <TextField
        label={t`Operator's e-mail`}
        type="email"
        autoComplete="off"
        required
        value={email}
        onChange={(event) => setEmail(event.target.value)}
        error={(tried && missing.email ? t`An e-mail address is needed.` : undefined) ?? server("operator_email")}
      />
      <SelectField
        label={t`For how long`}
        value={hours}
        onChange={(next) => next !== "" && setHours(next)}
        error={server("hours")}
        options={[
          { value: "1", label: t`1 hour` },
          { value: "4", label: t`4 hours` },
          { value: "8", label: t`8 hours` },
          { value: "24", label: t`1 day` },
          { value: "72", label: t`3 days` },
        ]}
      />
      <div className="flex flex-col gap-2">
        <p className="text-xs font-medium">
          <Trans>As what</Trans>
        </p>
        <RoleChoice
          value={roles}
          onChange={setRoles}
          error={(tried && missing.roles ? t`Choose at least one role.` : undefined) ?? server("role_ids")}
        />
        <Notice tone="accent">
          <Trans>
            Whatever the roles hold: support never verifies, signs or releases, and manages no people, roles or
            programs.
          </Trans>
        </Notice>
      </div>
      <ReasonField
        value={reason}
        onChange={setReason}
        error={(tried && missing.reason ? t`Say what for; it is recorded.` : undefined) ?? server("reason")}
      />
      <ActError error={act.error} />
    </ActDialog>
  );
}
