import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct } from "@/api/queries";
import type { NewToken, ServiceAccount, ServiceToken } from "@/api/types-access";
import { ActDialog } from "@/ui/act-dialog";
import { ChoiceField, TextField } from "@/ui/field";
import { OnceDialog } from "@/ui/once-dialog";
import { OverlapField } from "@/ui/overlap-field";
import { ReasonDialog } from "@/ui/reason-dialog";
import { ActError } from "@/ui/states";
import { TimeText } from "@/ui/time-text";
import { TokenPermissions } from "./token-permissions";

interface OfToken {
  account: ServiceAccount;
  token: ServiceToken;
  onClose: () => void;
}

export function IssueDialog({
  account,
  onClose,
  onMade,
}: {
  account: ServiceAccount;
  onClose: () => void;
  onMade: (token: NewToken) => void;
}) {
  const { t } = useLingui();
  const act = useAct("POST /service-accounts/{id}/tokens");
  const [label, setLabel] = useState("");
  const [days, setDays] = useState("90");
  const [only, setOnly] = useState<ReadonlySet<string> | null>(null);
  const [tried, setTried] = useState(false);
  const submit = () => {
    setTried(true);
    if (only?.size === 0) return;
    const permissions = only ? ([...only] as NonNullable<ServiceToken["permissions"]>) : undefined;
    act.mutate(
      {
        path: { id: account.id },
        body: {
          expires_in_days: Number(days),
          ...(label.trim() ? { label: label.trim() } : {}),
          ...(permissions ? { permissions } : {}),
        },
      },
      { onSuccess: onMade },
    );
  };
  return (
    <ActDialog
      title={t`New token for ${account.name}`}
      onClose={onClose}
      onSubmit={submit}
      busy={act.isPending}
      label={t`Make the token`}
    >
      <TextField
        label={t`Name`}
        hint={t`Where it is used, such as "Analyser 3"`}
        maxLength={80}
        value={label}
        onChange={(event) => setLabel(event.target.value)}
        error={isProblem(act.error) ? act.error.field("label") : undefined}
      />
      <ChoiceField
        label={t`Works for`}
        value={days}
        onChange={setDays}
        options={["30", "90", "180", "365"].map((each) => ({
          value: each,
          label: <Plural value={Number(each)} one="# day" other="# days" />,
        }))}
      />
      <TokenPermissions
        account={account}
        value={only}
        onChange={setOnly}
        error={
          (tried && only?.size === 0 ? t`Choose at least one permission.` : undefined) ??
          (isProblem(act.error) ? act.error.field("permissions") : undefined)
        }
      />
      <ActError error={act.error} beside={isProblem(act.error, "validation")} />
    </ActDialog>
  );
}

export function RotateDialog({ account, token, onClose, onMade }: OfToken & { onMade: (token: NewToken) => void }) {
  const { t } = useLingui();
  const act = useAct("POST /service-accounts/{id}/tokens/{token}/rotate");
  const [overlap, setOverlap] = useState("60");
  return (
    <ActDialog
      title={t`Rotate ${token.label || token.prefix}`}
      onClose={onClose}
      onSubmit={() =>
        act.mutate(
          { path: { id: account.id, token: token.id }, body: { overlap_minutes: Number(overlap) } },
          { onSuccess: onMade },
        )
      }
      busy={act.isPending}
      label={t`Make the new token`}
    >
      <p>
        <Trans>A new token is made. The old one goes on for a while, so that nothing stops in between.</Trans>
      </p>
      <OverlapField value={overlap} onChange={setOverlap} />
      <ActError error={act.error} />
    </ActDialog>
  );
}

export function RevokeDialog({ account, token, onClose }: OfToken) {
  const { t } = useLingui();
  const act = useAct("POST /service-accounts/{id}/tokens/{token}/revoke");
  return (
    <ReasonDialog
      danger
      title={t`Revoke ${token.label || token.prefix}`}
      description={t`It stops working with the next request. A program that still uses it is refused.`}
      presets={[t`No longer used`, t`May have been seen by others`, t`Instrument replaced`]}
      required={false}
      label={t`Revoke`}
      busy={act.isPending}
      error={act.error}
      onClose={onClose}
      onSubmit={(reason) =>
        act.mutate(
          { path: { id: account.id, token: token.id }, body: reason ? { reason } : {} },
          { onSuccess: onClose },
        )
      }
    />
  );
}

/** The only moment in which the whole token is seen. */
export function TokenDialog({ token, onClose }: { token: NewToken; onClose: () => void }) {
  const { t } = useLingui();
  return (
    <OnceDialog
      title={t`Your new token`}
      secret={token.token}
      warning={
        <Trans>
          Shown now and never again: only its fingerprint is stored. Whoever has it can do what the account may do.
        </Trans>
      }
      why={t`Put the token where the program reads it first; there is no second look.`}
      onClose={onClose}
    >
      <Trans>
        It works until <TimeText at={token.expires_at} />.
      </Trans>
    </OnceDialog>
  );
}
