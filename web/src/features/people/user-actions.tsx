import { Trans, useLingui } from "@lingui/react/macro";
import { KeyRound, LogOut, UserRoundCheck, UserRoundX } from "lucide-react";
import { useId, useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct } from "@/api/queries";
import type { User } from "@/api/types-records";
import { ReasonDialog } from "@/features/reports/reason-dialog";
import { useMay, useMe } from "@/session/session";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { ActError } from "@/ui/states";
import { FirstPassword } from "./password";

/** What an administrator can do about a person's access at once. */
export function UserActions({ user }: { user: User }) {
  const { t } = useLingui();
  const me = useMe();
  const may = useMay();
  const deactivate = useAct("POST /users/{id}/deactivate");
  const reactivate = useAct("POST /users/{id}/reactivate");
  const end = useAct("POST /users/{id}/end-sessions");
  const [open, setOpen] = useState<"deactivate" | "reactivate" | "end" | "password" | null>(null);
  const close = () => setOpen(null);
  const lacks = may("user:manage") ? undefined : t`Your roles lack the permission ${"user:manage"}.`;
  const target = { path: { id: user.id }, options: { version: user.version } };
  return (
    <>
      <Button icon={<KeyRound />} onClick={() => setOpen("password")} disabledReason={lacks}>
        <Trans>New password…</Trans>
      </Button>
      <Button icon={<LogOut />} onClick={() => setOpen("end")} disabledReason={lacks}>
        <Trans>End sessions…</Trans>
      </Button>
      {user.active ? (
        <Button
          tone="danger"
          icon={<UserRoundX />}
          onClick={() => setOpen("deactivate")}
          disabledReason={lacks ?? (user.id === me.id ? t`Another administrator has to do this.` : undefined)}
        >
          <Trans>Deactivate…</Trans>
        </Button>
      ) : (
        <Button icon={<UserRoundCheck />} onClick={() => setOpen("reactivate")} disabledReason={lacks}>
          <Trans>Reactivate…</Trans>
        </Button>
      )}
      {open === "deactivate" && (
        <ReasonDialog
          danger
          title={t`Deactivate ${user.name}`}
          description={t`Takes effect with the next request: open sessions end. What the person did stays recorded.`}
          presets={[t`Left the laboratory`, t`Long absence`, t`Changed duties`]}
          label={t`Deactivate`}
          busy={deactivate.isPending}
          error={deactivate.error}
          onClose={close}
          onSubmit={(reason) => deactivate.mutate({ ...target, body: { reason } }, { onSuccess: close })}
        />
      )}
      {open === "reactivate" && (
        <ReasonDialog
          title={t`Reactivate ${user.name}`}
          presets={[t`Back from absence`, t`Deactivated by mistake`]}
          label={t`Reactivate`}
          busy={reactivate.isPending}
          error={reactivate.error}
          onClose={close}
          onSubmit={(reason) => reactivate.mutate({ ...target, body: { reason } }, { onSuccess: close })}
        />
      )}
      <Dialog
        open={open === "end"}
        onClose={close}
        title={t`End all sessions of ${user.name}`}
        description={t`Every browser and program has to sign in again.`}
        footer={
          <>
            <Button onClick={close}>
              <Trans>Back</Trans>
            </Button>
            <Button
              tone="danger"
              busy={end.isPending}
              onClick={() => end.mutate({ path: { id: user.id }, body: {} }, { onSuccess: close })}
            >
              <Trans>End sessions</Trans>
            </Button>
          </>
        }
      >
        <ActError error={end.error} />
      </Dialog>
      {open === "password" && <PasswordDialog user={user} onClose={close} />}
    </>
  );
}

function PasswordDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const { t } = useLingui();
  const form = useId();
  const act = useAct("POST /users/{id}/reset-password");
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const field = isProblem(act.error) ? act.error.field("password") : undefined;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t`New password for ${user.name}`}
      description={t`The old one stops working at once.`}
      footer={
        <>
          <Button onClick={onClose}>
            <Trans>Back</Trans>
          </Button>
          <Button tone="primary" type="submit" form={form} busy={act.isPending}>
            <Trans>Set the password</Trans>
          </Button>
        </>
      }
    >
      <form
        id={form}
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (password !== "") act.mutate({ path: { id: user.id }, body: { password } }, { onSuccess: onClose });
        }}
      >
        <FirstPassword
          value={password}
          onChange={setPassword}
          error={(tried && password === "" ? t`A password is needed.` : undefined) ?? field}
        />
        <ActError error={act.error} />
      </form>
    </Dialog>
  );
}
