import { Trans, useLingui } from "@lingui/react/macro";
import { ArrowLeft, Check, ChevronRight, CircleCheckBig, Fingerprint, LogOut, Smartphone } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { SetUp } from "@/api/types-access";
import { passkeysWork } from "@/session/passkey";
import { setMe, useMe } from "@/session/session";
import { readMe } from "@/session/who";
import { FrontTitle } from "@/shell/front";
import { Button } from "@/ui/button";
import { cx } from "@/ui/cx";
import { OwnPasswordForm } from "./own-password";
import { PasskeyEnrolment } from "./passkey-enrolment";
import { RecoveryCodes } from "./recovery-codes";
import { TotpEnrolment } from "./totp-enrolment";

/** What the laboratory asks for before the work opens: one thing after the other, and nothing beside it. */
export function SetUpWizard({ onReady, onSignOut }: { onReady: () => void; onSignOut: () => void }) {
  const { t } = useLingui();
  const me = useMe();
  // The way is drawn as it was at the beginning; what is done stays on it as done.
  const [steps] = useState<readonly SetUp[]>(me.must);
  const [now] = me.must;
  const next = async () => setMe(await readMe());
  const names: Record<SetUp, string> = { password: t`Your own password`, second_factor: t`Second factor` };
  return (
    <>
      {steps.length > 1 && (
        <ol aria-label={t`Steps`} className="mb-8 flex flex-wrap items-center gap-x-5 gap-y-2 text-xs">
          {steps.map((step, index) => {
            const done = !me.must.includes(step);
            return (
              <li
                key={step}
                aria-current={step === now ? "step" : undefined}
                className={cx("flex items-center gap-2", step === now ? "font-medium text-ink" : "text-muted")}
              >
                <span
                  className={cx(
                    "grid size-5 place-items-center rounded-full text-2xs font-semibold",
                    done
                      ? "bg-green-tint text-green"
                      : step === now
                        ? "bg-accent text-on-accent"
                        : "bg-sunken text-muted",
                  )}
                >
                  {done ? <Check role="img" aria-label={t`done`} className="size-3" /> : index + 1}
                </span>
                {names[step]}
              </li>
            );
          })}
        </ol>
      )}
      {now === "password" ? (
        <>
          <FrontTitle
            title={t`Choose your own password`}
            lead={t`The one you were given was known to somebody else. From now on only you know yours.`}
          />
          <OwnPasswordForm label={t`Set my password`} onDone={() => void next()} />
        </>
      ) : now === "second_factor" ? (
        <FactorStep onDone={() => void next()} />
      ) : (
        <Ready onReady={onReady} />
      )}
      {now && (
        <div className="mt-8 border-t border-line pt-4">
          <Button tone="ghost" icon={<LogOut />} className="-ms-3" onClick={onSignOut}>
            <Trans>Sign out, and do this later</Trans>
          </Button>
        </div>
      )}
    </>
  );
}

function FactorStep({ onDone }: { onDone: () => void }) {
  const { t } = useLingui();
  const [way, setWay] = useState<"totp" | "passkey" | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const enrolled = (given: string[] | null) => (given ? setCodes(given) : onDone());
  if (codes)
    return (
      <>
        <FrontTitle title={t`Keep your recovery codes`} lead={t`The second factor works. One thing is left.`} />
        <RecoveryCodes codes={codes} onKept={onDone} label={t`Go on`} />
      </>
    );
  if (way === null)
    return (
      <>
        <FrontTitle
          title={t`Add a second factor`}
          lead={t`Your role asks for one: with it, a stolen password opens nothing. It takes two minutes.`}
        />
        <ul className="flex flex-col gap-2">
          <Way
            icon={<Smartphone />}
            title={t`Authenticator app`}
            note={t`A new code every 30 seconds on your telephone`}
            onClick={() => setWay("totp")}
          />
          {passkeysWork() && (
            <Way
              icon={<Fingerprint />}
              title={t`Passkey`}
              note={t`Fingerprint, face or security key; nothing to type`}
              onClick={() => setWay("passkey")}
            />
          )}
        </ul>
      </>
    );
  return (
    <>
      <FrontTitle
        title={way === "totp" ? t`Authenticator app` : t`New passkey`}
        lead={way === "totp" ? t`Scan, then show that it works.` : t`Give it a name; the browser does the rest.`}
      />
      {way === "totp" ? <TotpEnrolment onDone={enrolled} /> : <PasskeyEnrolment onDone={enrolled} />}
      <Button tone="ghost" icon={<ArrowLeft />} className="mt-4 -ms-3 self-start" onClick={() => setWay(null)}>
        <Trans>Another way</Trans>
      </Button>
    </>
  );
}

function Way({ icon, title, note, onClick }: { icon: ReactNode; title: string; note: string; onClick: () => void }) {
  return (
    <li>
      <button
        type="button"
        onClick={onClick}
        className="flex w-full items-center gap-3 rounded-lg border border-line-strong bg-surface px-4 py-3 text-start hover:border-accent hover:bg-hover"
      >
        <span
          aria-hidden
          className="grid size-10 shrink-0 place-items-center rounded-md bg-accent-tint text-accent [&_svg]:size-5"
        >
          {icon}
        </span>
        <span className="min-w-0 flex-1">
          <span className="block font-medium">{title}</span>
          <span className="block text-muted">{note}</span>
        </span>
        <ChevronRight aria-hidden className="size-4 text-muted" />
      </button>
    </li>
  );
}

function Ready({ onReady }: { onReady: () => void }) {
  const { t } = useLingui();
  const me = useMe();
  return (
    <>
      <FrontTitle
        icon={<CircleCheckBig aria-hidden className="text-green" />}
        title={t`That was all`}
        lead={t`${me.laboratory.name} is open for you.`}
      />
      <Button tone="primary" className="self-start" onClick={onReady}>
        <Trans>To the work</Trans>
      </Button>
    </>
  );
}
