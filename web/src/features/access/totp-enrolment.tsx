import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useState } from "react";
import { call } from "@/api/client";
import { isProblem } from "@/api/problems";
import type { TotpOffer } from "@/api/types-access";
import { Button } from "@/ui/button";
import { CopyButton } from "@/ui/copy-button";
import { TextField } from "@/ui/field";
import { Form } from "@/ui/form";
import { ActError, ErrorState, Skeleton } from "@/ui/states";

/** An authenticator app is made known: scan, then show that it works. `codes` are given with the first factor only. */
export function TotpEnrolment({ onDone }: { onDone: (codes: string[] | null) => void }) {
  const { t } = useLingui();
  const [offer, setOffer] = useState<TotpOffer | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const [code, setCode] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    const ask = async () => {
      try {
        setOffer(await call("POST /auth/mfa/totp", { body: {} }, { signal: stop.signal }));
      } catch (failure) {
        if (!stop.signal.aborted) setFailed(failure);
      }
    };
    setFailed(null);
    void ask();
    return () => stop.abort();
  }, [asked]);
  const wrong = isProblem(error) && error.slug !== "rate-limited" && error.status < 500;
  const confirm = async () => {
    if (!offer || code.trim() === "") return;
    setBusy(true);
    setError(null);
    try {
      const answer = await call("POST /auth/mfa/totp/confirm", { body: { code: code.replace(/\s/g, "") } });
      onDone(answer.recovery_codes);
    } catch (failure) {
      setError(failure);
      setCode("");
    } finally {
      setBusy(false);
    }
  };
  if (failed) return <ErrorState error={failed} onRetry={() => setAsked(asked + 1)} className="py-6" />;
  return (
    <Form className="flex flex-col gap-5" onSubmit={() => void confirm()}>
      <div className="flex flex-col gap-2">
        <p className="font-medium">
          <Trans>1. Scan this with your authenticator app</Trans>
        </p>
        <div className="flex flex-wrap items-start gap-4">
          {offer ? <QrCode svg={offer.qr_svg} /> : <Skeleton className="size-44 rounded-md" />}
          <div className="flex min-w-0 flex-1 basis-44 flex-col gap-2">
            <p className="text-muted">
              <Trans>Any app for one-time codes will do. If it cannot scan, type this key into it:</Trans>
            </p>
            {offer ? (
              <>
                <code
                  aria-label={t`Key for the app`}
                  className="mono rounded-md bg-sunken px-2.5 py-1.5 text-xs break-all select-all"
                >
                  {inGroups(offer.secret)}
                </code>
                <span>
                  <CopyButton text={offer.secret} />
                </span>
              </>
            ) : (
              <Skeleton className="h-12 w-full" />
            )}
          </div>
        </div>
      </div>
      <div className="flex flex-col gap-2">
        <p className="font-medium">
          <Trans>2. Type the code that it shows</Trans>
        </p>
        <div className="flex items-end gap-2">
          <TextField
            className="w-44"
            label={t`Six digits`}
            mono
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={9}
            value={code}
            onChange={(event) => {
              setCode(event.target.value);
              setError(null);
            }}
          />
          <Button type="submit" tone="primary" busy={busy} disabledReason={offer ? undefined : t`Loading…`}>
            <Trans>Confirm</Trans>
          </Button>
        </div>
        {wrong ? (
          <p role="alert" className="text-xs text-red">
            <Trans>This code does not fit. Check that the telephone's clock is right, and type the newest one.</Trans>
          </p>
        ) : (
          <ActError error={error} />
        )}
      </div>
    </Form>
  );
}

const inGroups = (secret: string) => secret.replace(/(.{4})(?=.)/g, "$1 ");

/** Drawn as an image: whatever an SVG may hold, in an image it cannot act. */
function QrCode({ svg }: { svg: string }) {
  const { t } = useLingui();
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [svg]);
  return (
    <span className="block size-44 shrink-0 rounded-md border border-line bg-white p-2">
      {address && <img src={address} alt={t`QR code for the authenticator app`} className="size-full" />}
    </span>
  );
}
