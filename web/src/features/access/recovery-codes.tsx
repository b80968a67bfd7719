import { Trans, useLingui } from "@lingui/react/macro";
import { Download, Printer } from "lucide-react";
import { useState } from "react";
import { createPortal } from "react-dom";
import { useMe } from "@/session/session";
import { Button } from "@/ui/button";
import { CopyButton } from "@/ui/copy-button";
import { CheckField } from "@/ui/field";
import { Notice } from "@/ui/page";
import { saveFile } from "@/ui/save-file";

/** Codes for the day the telephone is lost. Shown once: they have to be kept before this can be left. */
export function RecoveryCodes({
  codes,
  onKept,
  label,
}: {
  codes: readonly string[];
  onKept: () => void;
  /** Of the button that goes on. */
  label: string;
}) {
  const { t } = useLingui();
  const me = useMe();
  const [kept, setKept] = useState(false);
  const heading = t`Recovery codes of ${me.email}, ${me.laboratory.name}`;
  const text = [heading, "", ...codes, "", t`Each serves once, instead of the second factor.`, ""].join("\n");
  return (
    <div className="flex flex-col gap-4">
      <Notice tone="amber">
        <Trans>
          These codes let you in when your second factor is lost. They are shown now and never again: keep them where
          you keep things of value, not on this computer.
        </Trans>
      </Notice>
      <ol
        aria-label={t`Recovery codes`}
        className="mono flex flex-col gap-y-1.5 rounded-md bg-sunken px-4 py-3 text-sm sm:text-base"
      >
        {codes.map((code) => (
          <li key={code} className="select-all">
            {code}
          </li>
        ))}
      </ol>
      <div className="flex flex-wrap gap-2">
        <CopyButton text={codes.join("\n")} />
        <Button icon={<Printer />} onClick={() => window.print()}>
          <Trans>Print</Trans>
        </Button>
        <Button
          icon={<Download />}
          onClick={() => saveFile(new Blob([text], { type: "text/plain" }), "attest-recovery-codes.txt")}
        >
          <Trans>Save as a file</Trans>
        </Button>
      </div>
      <CheckField label={<Trans>I have kept them</Trans>} checked={kept} onChange={setKept} />
      <Button
        tone="primary"
        className="self-start"
        disabledReason={kept ? undefined : t`Keep the codes first; there is no second look.`}
        onClick={onKept}
      >
        {label}
      </Button>
      {createPortal(
        <div className="print-sheet">
          <h1>{heading}</h1>
          <pre>{codes.join("\n")}</pre>
          <p>{t`Each serves once, instead of the second factor.`}</p>
        </div>,
        document.body,
      )}
    </div>
  );
}
