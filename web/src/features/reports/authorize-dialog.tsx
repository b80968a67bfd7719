import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Signature } from "lucide-react";
import { useState } from "react";
import { call } from "@/api/client";
import { isProblem } from "@/api/problems";
import { useAct, useApi } from "@/api/queries";
import type { Language } from "@/api/types";
import type { Report } from "@/api/types-records";
import { PasskeyTrouble, useSecondFactor } from "@/features/access/second-factor";
import { methodsOf } from "@/features/access/methods";
import { ProviderProof } from "@/features/access/provider-proof";
import { PasskeyRefused } from "@/session/passkey";
import { useMe } from "@/session/session";
import { ActDialog } from "@/ui/act-dialog";
import { SelectField } from "@/ui/field";
import { Facts, Notice } from "@/ui/page";
import { SecretField } from "@/ui/secret-field";
import { ActError } from "@/ui/states";
import { reportNumber } from "./status";

/** What a signature can mean; printed on the document, so in the document's language. */
const meanings: Record<Language, readonly string[]> = {
  en: [
    "Results reviewed and authorised for reporting",
    "Technically reviewed and authorised",
    "Authorised on behalf of the head of the laboratory",
  ],
  pl: [
    "Wyniki sprawdzono i autoryzowano do wydania",
    "Sprawdzono merytorycznie i autoryzowano",
    "Autoryzowano z upoważnienia kierownika laboratorium",
  ],
};

/** The electronic signature: who, what it means, and exactly what is signed; the password proves who signs. */
export function AuthorizeDialog({ report, onClose }: { report: Report; onClose: () => void }) {
  const { t } = useLingui();
  const me = useMe();
  const act = useAct("POST /reports/{id}/authorize");
  const options = meanings[report.language];
  const [meaning, setMeaning] = useState(options[0] ?? "");
  const [password, setPassword] = useState("");
  /** What proves who signs: the password, or what was confirmed at the identity provider a moment ago. */
  const [signedOn, setSignedOn] = useState(false);
  /** What was confirmed there counted no more, or the second factor beside it was wrong. */
  const [proofOver, setProofOver] = useState(false);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [passkey, setPasskey] = useState<unknown>(null);
  // Whoever has a second factor signs with it too.
  const factors = useApi("GET /auth/mfa", {});
  const methods = methodsOf(factors.data);
  const factor = useSecondFactor({
    methods,
    challenge: () => call("POST /auth/mfa/passkeys/challenge", { body: {} }),
  });
  const results = report.content?.samples?.reduce((sum, sample) => sum + (sample.results?.length ?? 0), 0);
  const wrongFactor = isProblem(act.error, "second-factor-required");
  const wrongPassword = isProblem(act.error, "reauthentication-failed") || isProblem(act.error, "invalid-credentials");
  // Which of the two it was is not told.
  const bothWrong = wrongPassword && methods.length > 0 && !proofOver;
  const changed = isProblem(act.error, "content-changed") || isProblem(act.error, "stale");
  const submit = async () => {
    setTried(true);
    setPasskey(null);
    setProofOver(false);
    if (password === "" && !signedOn) return;
    setBusy(true);
    try {
      const shown = methods.length > 0 ? await factor.collect() : {};
      if (!shown) return;
      await act.mutateAsync({
        path: { id: report.id },
        body: {
          meaning,
          ...(signedOn ? { sign_on: true } : { password }),
          content_sha256: report.content_sha256,
          ...shown,
        },
        options: { version: report.version },
      });
      onClose();
    } catch (failure) {
      if (failure instanceof PasskeyRefused) return setPasskey(failure);
      // A factor that this window did not know of: it is asked for now, beside the password that stays.
      if (isProblem(failure, "second-factor-required")) void factors.refetch();
      else {
        setPassword("");
        setProofOver(signedOn && isProblem(failure, "reauthentication-failed"));
        setSignedOn(false);
      }
      factor.empty();
    } finally {
      setBusy(false);
    }
  };
  return (
    <ActDialog
      title={t`Sign report ${reportNumber(report)}`}
      description={t`Your electronic signature is bound to exactly this content.`}
      onClose={onClose}
      onSubmit={() => void submit()}
      busy={busy}
      icon={<Signature />}
      label={t`Sign`}
      disabledReason={changed ? t`Look at the changed report first.` : undefined}
    >
      <div className="rounded-md border border-line bg-canvas p-3">
        <Facts
          items={[
            [
              t`Report`,
              <span key="number" className="mono font-medium">
                {reportNumber(report)}
              </span>,
            ],
            [t`Version`, report.version_no],
            [t`For`, report.client?.name ?? report.patient?.name ?? "–"],
            [
              t`Samples`,
              <span key="samples" className="mono">
                {report.samples.map((each) => each.accession_number).join(", ")}
              </span>,
            ],
            results !== undefined && [
              t`Content`,
              <Plural key="results" value={results} one="# result" other="# results" />,
            ],
            report.pending_tests.length > 0 && [t`Still pending`, report.pending_tests.join(", ")],
            report.amends && [
              t`Replaces`,
              <span key="amends" className="mono">
                {reportNumber(report.amends)}
              </span>,
            ],
            [
              "SHA-256",
              <span key="hash" className="mono text-xs break-all select-all">
                {report.content_sha256}
              </span>,
            ],
          ]}
        />
      </div>
      <p>
        <Trans>
          Signed by <strong className="font-semibold">{[me.name, me.title].filter(Boolean).join(", ")}</strong>
        </Trans>
      </p>
      <SelectField
        label={t`Meaning of the signature`}
        value={meaning}
        onChange={setMeaning}
        options={options.map((each) => ({ value: each, label: each }))}
      />
      <input type="email" name="username" autoComplete="username" value={me.email} readOnly hidden />
      {me.sign_on && !signedOn && (
        <ProviderProof name={me.sign_on} purpose="signature" onDone={() => setSignedOn(true)} />
      )}
      {signedOn && (
        <Notice tone="green">
          <Trans>{me.sign_on} confirmed that it is you, for this one signature.</Trans>
        </Notice>
      )}
      {me.has_password && !signedOn && (
        <SecretField
          label={t`Your password`}
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          error={
            wrongPassword && !proofOver && methods.length === 0 && password === ""
              ? t`This is not your password.`
              : tried && password === "" && !act.error
                ? t`Type your password to sign.`
                : undefined
          }
        />
      )}
      {methods.length > 0 && factor.field}
      <PasskeyTrouble error={passkey} />
      {proofOver && (
        <p role="alert" className="rounded-md bg-red-tint px-3 py-2 text-red">
          <Trans>
            What you confirmed counts no more, or the second factor is not right. Nothing was signed: confirm again.
          </Trans>
        </p>
      )}
      {bothWrong && (
        <p role="alert" className="rounded-md bg-red-tint px-3 py-2 text-red">
          <Trans>The password or the second factor is not right. Nothing was signed.</Trans>
        </p>
      )}
      {changed ? (
        <Notice tone="amber">
          <Trans>
            The report has changed since you looked at it, so nothing was signed. Close this, look at the new preview,
            and sign again.
          </Trans>
        </Notice>
      ) : (
        !wrongPassword && !(wrongFactor && methods.length > 0) && <ActError error={act.error} />
      )}
    </ActDialog>
  );
}
