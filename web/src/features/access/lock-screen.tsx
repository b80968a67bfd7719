import { Trans, useLingui } from "@lingui/react/macro";
import { Lock, LogOut, UsersRound } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { call } from "@/api/client";
import { unlock } from "@/session/lock";
import { useReachable } from "@/session/offline";
import { initialsOf } from "@/session/initials";
import { useMe } from "@/session/session";
import { useTime } from "@/session/time";
import { Mark } from "@/shell/mark";
import { Button } from "@/ui/button";
import { ActError } from "@/ui/states";
import { UnlockFields } from "./unlock-field";

/**
 * Covers everything, also open dialogs: a modal <dialog> stands above them all and makes the rest inert. What is beneath
 * keeps its state.
 */
export function LockScreen({
  onSignOut,
  onSwitch,
}: {
  onSignOut: () => void;
  /** Leaves the computer to somebody else. */
  onSwitch: () => Promise<void>;
}) {
  const { t } = useLingui();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = dialog.current;
    const title = document.title;
    const before = document.activeElement;
    document.title = t`Locked · Attest`;
    const show = () => shown?.open === false && shown.showModal();
    show();
    shown?.addEventListener("close", show);
    // Keys belong to this screen alone: no shortcut of the pages beneath may hear them.
    const keep = (event: KeyboardEvent) => {
      event.stopPropagation();
      if (event.key === "Escape") event.preventDefault();
    };
    window.addEventListener("keydown", keep, true);
    return () => {
      shown?.removeEventListener("close", show);
      window.removeEventListener("keydown", keep, true);
      shown?.close();
      document.title = title;
      if (before instanceof HTMLElement) before.focus();
    };
    // The screen is put up once.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-label={t`The screen is locked`}
      onCancel={(event) => event.preventDefault()}
      className="fixed inset-0 m-0 size-full max-h-none max-w-none overflow-y-auto bg-canvas text-ink"
    >
      <div className="flex min-h-full flex-col items-center px-6 py-8">
        <Clock />
        <div className="my-auto w-full max-w-sm py-8">
          <Card onSignOut={onSignOut} onSwitch={onSwitch} />
        </div>
        <p className="max-w-sm text-center text-xs text-muted">
          <Trans>What you had open and typed is kept beneath. Nobody can see it.</Trans>
        </p>
      </div>
    </dialog>
  );
}

function Clock() {
  const me = useMe();
  const time = useTime();
  const [now, setNow] = useState(() => new Date().toISOString());
  useEffect(() => {
    const timer = window.setInterval(() => setNow(new Date().toISOString()), 5000);
    return () => window.clearInterval(timer);
  }, []);
  const [day, clock] = time.dateTime(now).split(" ");
  return (
    <div className="flex w-full max-w-5xl items-center gap-3">
      <Mark className="size-7 shrink-0" />
      <span className="min-w-0 flex-1 truncate font-semibold">{me.laboratory.name}</span>
      <time dateTime={now} className="text-end leading-tight">
        <span className="block text-lg font-semibold">{clock}</span>
        <span className="block text-2xs text-muted">{day}</span>
      </time>
    </div>
  );
}

function Card({ onSignOut, onSwitch }: { onSignOut: () => void; onSwitch: () => Promise<void> }) {
  const { t } = useLingui();
  const me = useMe();
  const online = useReachable();
  const [failure, setFailure] = useState<unknown>(null);
  const [leaving, setLeaving] = useState(false);
  const leave = () => {
    setLeaving(true);
    setFailure(null);
    void onSwitch()
      .catch(setFailure)
      .finally(() => setLeaving(false));
  };
  return (
    <div className="flex flex-col items-center gap-5">
      <span
        aria-hidden
        className="relative grid size-20 place-items-center rounded-full bg-accent-tint text-2xl font-semibold text-accent"
      >
        {initialsOf(me.name)}
        <span className="absolute -end-1 -bottom-1 grid size-8 place-items-center rounded-full border-4 border-canvas bg-accent text-on-accent">
          <Lock className="size-3.5" />
        </span>
      </span>
      <div className="text-center">
        <h1 className="text-xl font-semibold tracking-tight">{me.name}</h1>
        <p className="mt-0.5 text-muted">
          <Trans>The screen is locked. Go on where you were.</Trans>
        </p>
      </div>
      <UnlockFields
        email={me.email}
        hasPin={me.has_pin}
        hasPasskey={me.has_passkey}
        label={t`Unlock`}
        notice={
          !online ? (
            <p className="text-center text-amber">
              <Trans>The server cannot be reached; it has to unlock the screen.</Trans>
            </p>
          ) : (
            !me.has_password &&
            !me.has_pin && (
              <p className="text-center text-muted">
                <Trans>You have no password here: use a passkey, or sign out and sign in again.</Trans>
              </p>
            )
          )
        }
        challenge={() => call("POST /auth/mfa/passkeys/challenge", { body: {} })}
        onProof={unlock}
      >
        <Button tone="ghost" icon={<UsersRound />} busy={leaving} onClick={leave}>
          <Trans>Switch person</Trans>
        </Button>
        <Button tone="ghost" icon={<LogOut />} onClick={onSignOut}>
          <Trans>Sign out</Trans>
        </Button>
      </UnlockFields>
      <ActError error={failure} className="w-full" />
    </div>
  );
}
