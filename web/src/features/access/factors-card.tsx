import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Fingerprint, KeySquare, Pencil, Plus, ShieldCheck, ShieldOff, Smartphone, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useAct, useApi } from "@/api/queries";
import type { Factors, Passkey } from "@/api/types-access";
import { passkeysWork } from "@/session/passkey";
import { useMe } from "@/session/session";
import { ActDialog } from "@/ui/act-dialog";
import { Button, IconButton } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { Card } from "@/ui/page";
import { Pill } from "@/ui/pill";
import { ActError, ErrorState, Skeleton } from "@/ui/states";
import { TimeText } from "@/ui/time-text";
import { PasskeyEnrolment } from "./passkey-enrolment";
import { RecoveryCodes } from "./recovery-codes";
import { TotpEnrolment } from "./totp-enrolment";

type Open =
  | { what: "totp" | "passkey" | "codes" | "remove-totp" }
  | { what: "rename" | "remove"; passkey: Passkey }
  | { what: "keep"; codes: string[] };

/** One's own second factors: the app, passkeys, and the codes for the day when both are lost. */
export function FactorsCard() {
  const { t } = useLingui();
  const me = useMe();
  const { data, error, refetch } = useApi("GET /auth/mfa", {});
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const enrolled = (codes: string[] | null) => {
    void refetch();
    setOpen(codes ? { what: "keep", codes } : null);
  };
  const has = data && (data.totp !== null || data.passkeys.length > 0);
  return (
    <Card
      id="second-factor"
      flush
      title={t`Second factor`}
      actions={
        data &&
        (has ? (
          <Pill tone="green" icon={<ShieldCheck aria-hidden />}>
            <Trans>On</Trans>
          </Pill>
        ) : (
          <Pill tone={data.required ? "amber" : "grey"} icon={<ShieldOff aria-hidden />}>
            {data.required ? <Trans>Needed</Trans> : <Trans>Off</Trans>}
          </Pill>
        ))
      }
    >
      {error && !data ? (
        <ErrorState error={error} onRetry={() => void refetch()} className="py-8" />
      ) : !data ? (
        <Skeleton className="m-4 h-28" />
      ) : (
        <>
          <p className="px-4 pt-3 pb-2 text-muted">
            {me.policy.second_factor === "off" ? (
              <Trans>This laboratory asks for no second factor. With one, a stolen password opens nothing.</Trans>
            ) : data.required ? (
              <Trans>One of your roles asks for a second factor.</Trans>
            ) : (
              <Trans>Your roles do not ask for one. With it, a stolen password opens nothing.</Trans>
            )}
          </p>
          <ul>
            <TotpRow factors={data} onOpen={setOpen} />
            <PasskeyRows factors={data} onOpen={setOpen} />
            <CodesRow factors={data} onOpen={setOpen} />
          </ul>
        </>
      )}
      <Dialog open={open?.what === "totp"} onClose={close} title={t`Authenticator app`}>
        {open?.what === "totp" && <TotpEnrolment onDone={enrolled} />}
      </Dialog>
      <Dialog open={open?.what === "passkey"} onClose={close} title={t`New passkey`}>
        {open?.what === "passkey" && <PasskeyEnrolment onDone={enrolled} />}
      </Dialog>
      <Dialog open={open?.what === "keep"} onClose={() => undefined} title={t`Your recovery codes`}>
        {open?.what === "keep" && <RecoveryCodes codes={open.codes} onKept={close} label={t`Done`} />}
      </Dialog>
      {open?.what === "codes" && <NewCodes onClose={close} onCodes={(codes) => setOpen({ what: "keep", codes })} />}
      {open?.what === "rename" && <Rename passkey={open.passkey} onClose={close} />}
      {(open?.what === "remove" || open?.what === "remove-totp") && (
        <Remove passkey={open.what === "remove" ? open.passkey : null} onClose={close} />
      )}
    </Card>
  );
}

function Row({
  icon,
  title,
  note,
  children,
}: {
  icon: ReactNode;
  title: ReactNode;
  note: ReactNode;
  children: ReactNode;
}) {
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 border-t border-line px-4 py-3">
      <span
        aria-hidden
        className="grid size-9 shrink-0 place-items-center rounded-md bg-accent-tint text-accent [&_svg]:size-5"
      >
        {icon}
      </span>
      <div className="min-w-0 flex-1 basis-40">
        <p className="truncate font-medium">{title}</p>
        <p className="text-xs text-muted">{note}</p>
      </div>
      <div className="flex gap-1">{children}</div>
    </li>
  );
}

function TotpRow({ factors, onOpen }: { factors: Factors; onOpen: (open: Open) => void }) {
  const { t } = useLingui();
  return (
    <Row
      icon={<Smartphone />}
      title={t`Authenticator app`}
      note={
        factors.totp ? (
          <Trans>
            since <TimeText at={factors.totp.enrolled_at} dateOnly />
          </Trans>
        ) : (
          t`A new code every 30 seconds on your telephone`
        )
      }
    >
      {factors.totp ? (
        <Button tone="danger" onClick={() => onOpen({ what: "remove-totp" })}>
          <Trans>Remove…</Trans>
        </Button>
      ) : (
        <Button onClick={() => onOpen({ what: "totp" })}>
          <Trans>Set up…</Trans>
        </Button>
      )}
    </Row>
  );
}

function PasskeyRows({ factors, onOpen }: { factors: Factors; onOpen: (open: Open) => void }) {
  const { t } = useLingui();
  return (
    <>
      {factors.passkeys.map((passkey) => (
        <Row
          key={passkey.id}
          icon={<Fingerprint />}
          title={passkey.name}
          note={
            passkey.last_used_at ? (
              <Trans>
                Passkey, last used <TimeText at={passkey.last_used_at} />
              </Trans>
            ) : (
              <Trans>
                Passkey since <TimeText at={passkey.created_at} dateOnly />
              </Trans>
            )
          }
        >
          <IconButton
            label={t`Rename ${passkey.name}`}
            icon={<Pencil />}
            onClick={() => onOpen({ what: "rename", passkey })}
          />
          <IconButton
            label={t`Remove ${passkey.name}`}
            icon={<Trash2 />}
            onClick={() => onOpen({ what: "remove", passkey })}
          />
        </Row>
      ))}
      <Row
        icon={<Fingerprint />}
        title={factors.passkeys.length > 0 ? t`Another passkey` : t`Passkey`}
        note={t`Fingerprint, face or security key; nothing to type`}
      >
        <Button
          icon={<Plus />}
          onClick={() => onOpen({ what: "passkey" })}
          disabledReason={
            passkeysWork()
              ? undefined
              : t`Passkeys need TLS, an address that is a name and not numbers, and a browser that knows them.`
          }
        >
          <Trans>Add…</Trans>
        </Button>
      </Row>
    </>
  );
}

function CodesRow({ factors, onOpen }: { factors: Factors; onOpen: (open: Open) => void }) {
  const { t } = useLingui();
  if (!factors.totp && factors.passkeys.length === 0) return null;
  return (
    <Row
      icon={<KeySquare />}
      title={t`Recovery codes`}
      note={
        <Plural
          value={factors.recovery_codes_left}
          one="# left, for when the rest is lost"
          other="# left, for when the rest is lost"
        />
      }
    >
      <Button onClick={() => onOpen({ what: "codes" })}>
        <Trans>New ones…</Trans>
      </Button>
    </Row>
  );
}

function NewCodes({ onClose, onCodes }: { onClose: () => void; onCodes: (codes: string[]) => void }) {
  const { t } = useLingui();
  const act = useAct("POST /auth/mfa/recovery-codes");
  return (
    <ActDialog
      title={t`New recovery codes`}
      onClose={onClose}
      onSubmit={() => act.mutate({ body: {} }, { onSuccess: (made) => onCodes(made.recovery_codes ?? []) })}
      busy={act.isPending}
      label={t`Make new ones`}
    >
      <p>
        <Trans>Ten new codes are made; the old ones stop working at once.</Trans>
      </p>
      <ActError error={act.error} />
    </ActDialog>
  );
}

function Rename({ passkey, onClose }: { passkey: Passkey; onClose: () => void }) {
  const { t } = useLingui();
  const act = useAct("PATCH /auth/mfa/passkeys/{id}");
  const [name, setName] = useState(passkey.name);
  return (
    <ActDialog
      title={t`Rename ${passkey.name}`}
      onClose={onClose}
      onSubmit={() =>
        name.trim() !== "" &&
        act.mutate({ path: { id: passkey.id }, body: { name: name.trim() } }, { onSuccess: onClose })
      }
      busy={act.isPending}
      label={t`Rename`}
    >
      <TextField
        label={t`Name`}
        required
        maxLength={60}
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={name.trim() === "" ? t`A name is needed.` : undefined}
      />
      <ActError error={act.error} />
    </ActDialog>
  );
}

function Remove({ passkey, onClose }: { passkey: Passkey | null; onClose: () => void }) {
  const { t } = useLingui();
  const totp = useAct("DELETE /auth/mfa/totp");
  const other = useAct("DELETE /auth/mfa/passkeys/{id}");
  const remove = () =>
    passkey
      ? other.mutate({ path: { id: passkey.id } }, { onSuccess: onClose })
      : totp.mutate({}, { onSuccess: onClose });
  return (
    <ActDialog
      danger
      title={passkey ? t`Remove ${passkey.name}?` : t`Remove the authenticator app?`}
      onClose={onClose}
      onSubmit={remove}
      busy={totp.isPending || other.isPending}
      label={t`Remove`}
    >
      <p>
        <Trans>It no longer lets you in. Add the new one before you remove the old one.</Trans>
      </p>
      <ActError error={totp.error ?? other.error} />
    </ActDialog>
  );
}
