import { Trans, useLingui } from "@lingui/react/macro";
import {
  KeyRound,
  LogOut,
  MailCheck,
  MailPlus,
  MoreHorizontal,
  ShieldOff,
  UserRoundCheck,
  UserRoundX,
} from "lucide-react";
import { type ReactNode, useState } from "react";
import { useAct } from "@/api/queries";
import type { User } from "@/api/types-records";
import { useMay, useMe } from "@/session/session";
import { ActDialog } from "@/ui/act-dialog";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Menu, MenuItem, MenuRule } from "@/ui/menu";
import { Notice } from "@/ui/page";
import { ReasonDialog } from "@/ui/reason-dialog";
import { ActError } from "@/ui/states";
import { TimeText } from "@/ui/time-text";

type Question = "deactivate" | "reactivate" | "end" | "password" | "invite" | "factor";

/** What an administrator can do about a person's access at once: the nearest act as a button, the rest in a menu. */
export function UserActions({ user }: { user: User }) {
  const { t } = useLingui();
  const me = useMe();
  const may = useMay();
  const [open, setOpen] = useState<Question | null>(null);
  const close = () => setOpen(null);
  const lacks = may("user:manage") ? undefined : t`Your roles lack the permission ${"user:manage"}.`;
  const off = user.active ? undefined : t`The person is deactivated.`;
  return (
    <>
      {user.invited ? (
        <Button icon={<MailPlus />} onClick={() => setOpen("invite")} disabledReason={lacks ?? off}>
          <Trans>Send the invitation again…</Trans>
        </Button>
      ) : (
        <Button icon={<KeyRound />} onClick={() => setOpen("password")} disabledReason={lacks ?? off}>
          <Trans>Reset the password…</Trans>
        </Button>
      )}
      <Menu
        align="end"
        trigger={
          <Button icon={<MoreHorizontal />}>
            <Trans>More</Trans>
          </Button>
        }
      >
        <MenuItem icon={<LogOut />} onClick={() => setOpen("end")} disabledReason={lacks}>
          <Trans>End all sessions…</Trans>
        </MenuItem>
        <MenuItem
          icon={<ShieldOff />}
          onClick={() => setOpen("factor")}
          disabledReason={lacks ?? (user.second_factor ? undefined : t`There is no second factor.`)}
        >
          <Trans>Reset the second factor…</Trans>
        </MenuItem>
        <MenuRule />
        {user.active ? (
          <MenuItem
            icon={<UserRoundX />}
            onClick={() => setOpen("deactivate")}
            disabledReason={lacks ?? (user.id === me.id ? t`Another administrator has to do this.` : undefined)}
          >
            <Trans>Deactivate…</Trans>
          </MenuItem>
        ) : (
          <MenuItem icon={<UserRoundCheck />} onClick={() => setOpen("reactivate")} disabledReason={lacks}>
            <Trans>Reactivate…</Trans>
          </MenuItem>
        )}
      </Menu>
      {(open === "password" || open === "invite") && <MailDialog user={user} what={open} onClose={close} />}
      {open === "end" && <EndDialog user={user} onClose={close} />}
      {(open === "deactivate" || open === "reactivate" || open === "factor") && (
        <ReasonedAct user={user} what={open} onClose={close} />
      )}
    </>
  );
}

/** Deactivating, reactivating and resetting the second factor: each needs a reason. */
function ReasonedAct({
  user,
  what,
  onClose,
}: {
  user: User;
  what: "deactivate" | "reactivate" | "factor";
  onClose: () => void;
}) {
  const { t } = useLingui();
  const deactivate = useAct("POST /users/{id}/deactivate");
  const reactivate = useAct("POST /users/{id}/reactivate");
  const factor = useAct("POST /users/{id}/reset-second-factor");
  const target = { path: { id: user.id }, options: { version: user.version } };
  if (what === "deactivate")
    return (
      <ReasonDialog
        danger
        title={t`Deactivate ${user.name}`}
        description={t`Takes effect with the next request: open sessions end. What the person did stays recorded.`}
        presets={[t`Left the laboratory`, t`Long absence`, t`Changed duties`]}
        label={t`Deactivate`}
        busy={deactivate.isPending}
        error={deactivate.error}
        onClose={onClose}
        onSubmit={(reason) => deactivate.mutate({ ...target, body: { reason } }, { onSuccess: onClose })}
      />
    );
  if (what === "reactivate")
    return (
      <ReasonDialog
        title={t`Reactivate ${user.name}`}
        presets={[t`Back from absence`, t`Deactivated by mistake`]}
        label={t`Reactivate`}
        busy={reactivate.isPending}
        error={reactivate.error}
        onClose={onClose}
        onSubmit={(reason) => reactivate.mutate({ ...target, body: { reason } }, { onSuccess: onClose })}
      />
    );
  return (
    <ReasonDialog
      danger
      title={t`Reset the second factor of ${user.name}`}
      description={t`App, passkeys and recovery codes stop working, all sessions end, and the person is told by mail. Make sure that it is really them who asks.`}
      presets={[t`Telephone lost`, t`New telephone`, t`Recovery codes lost`]}
      label={t`Reset`}
      busy={factor.isPending}
      error={factor.error}
      onClose={onClose}
      onSubmit={(reason) => factor.mutate({ ...target, body: { reason } }, { onSuccess: onClose })}
    />
  );
}

/** A link by mail, with which the person chooses a password themselves; nobody else ever knows it. */
function MailDialog({ user, what, onClose }: { user: User; what: "password" | "invite"; onClose: () => void }) {
  const { t } = useLingui();
  const reset = useAct("POST /users/{id}/reset-password");
  const invite = useAct("POST /users/{id}/invite");
  const act = what === "invite" ? invite : reset;
  const sent = act.data;
  const send = () => act.mutate({ path: { id: user.id }, body: {} });
  if (sent)
    return (
      <Dialog
        open
        title={t`On its way`}
        onClose={onClose}
        footer={
          <Button tone="primary" onClick={onClose}>
            <Trans>Done</Trans>
          </Button>
        }
      >
        <Notice tone="green" icon={<MailCheck aria-hidden />}>
          <Trans>
            A link is on its way to {user.email}. It works once, until <TimeText at={sent.expires_at} />.
          </Trans>
        </Notice>
      </Dialog>
    );
  const texts: Record<typeof what, { title: string; text: ReactNode }> = {
    password: {
      title: t`Reset the password of ${user.name}`,
      text: (
        <Trans>
          A link goes to {user.email}, with which the person chooses a new password. The present one works until then.
        </Trans>
      ),
    },
    invite: {
      title: t`Invite ${user.name} again`,
      text: <Trans>A new link goes to {user.email}. The earlier one stops working.</Trans>,
    },
  };
  return (
    <ActDialog
      title={texts[what].title}
      onClose={onClose}
      onSubmit={send}
      busy={act.isPending}
      label={t`Send the link`}
    >
      <p>{texts[what].text}</p>
      <ActError error={act.error} />
    </ActDialog>
  );
}

function EndDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const { t } = useLingui();
  const act = useAct("POST /users/{id}/end-sessions");
  return (
    <ActDialog
      danger
      title={t`End all sessions of ${user.name}`}
      onClose={onClose}
      onSubmit={() => act.mutate({ path: { id: user.id }, body: {} }, { onSuccess: onClose })}
      busy={act.isPending}
      label={t`End sessions`}
    >
      <p>
        <Trans>Every browser and program has to sign in again.</Trans>
      </p>
      <ActError error={act.error} />
    </ActDialog>
  );
}
