import { useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useAct } from "@/api/queries";
import type { Result } from "@/api/types";
import { ReasonChoice, type ReasonCode, useReasonWords } from "@/features/results/reason-choice";
import { ActDialog } from "@/ui/act-dialog";
import { TextAreaField } from "@/ui/field";
import { ActError } from "@/ui/states";

const returns = [
  "implausible",
  "typing_error",
  "calculation_error",
  "quality_control",
  "mix_up",
  "instrument_error",
  "other",
] as const satisfies readonly ReasonCode[];

/** Back to the analyst to be looked at again; the value and the reason are kept. */
export function ReturnDialog({ result, onClose, onDone }: { result: Result; onClose: () => void; onDone: () => void }) {
  const { t } = useLingui();
  const words = useReasonWords();
  const act = useAct("POST /results/{id}/return");
  const [code, setCode] = useState<ReasonCode | null>(null);
  const [text, setText] = useState("");
  const [tried, setTried] = useState(false);
  const textMissing = code === "other" && text.trim() === "";
  const submit = () => {
    setTried(true);
    if (code === null || textMissing) return;
    const reason = [code === "other" ? null : words[code], text.trim()].filter(Boolean).join(": ");
    act.mutate(
      { path: { id: result.id }, body: { reason }, options: { version: result.version } },
      {
        onSuccess: () => {
          onDone();
          onClose();
        },
      },
    );
  };
  return (
    <ActDialog
      title={t`Return this result`}
      description={
        <>
          {result.test.name} <span className="mono font-semibold">{result.display ?? result.value}</span> ·{" "}
          <span className="mono">{result.sample.accession_number}</span>
        </>
      }
      onClose={onClose}
      onSubmit={submit}
      busy={act.isPending}
      label={t`Return`}
    >
      <ReasonChoice
        legend={t`Why?`}
        codes={returns}
        value={code}
        onChange={setCode}
        error={tried && code === null ? t`Choose a reason.` : undefined}
      />
      <TextAreaField
        label={t`What should be looked at`}
        hint={code === "other" ? undefined : t`Optional`}
        required={code === "other"}
        rows={2}
        value={text}
        onChange={(event) => setText(event.target.value)}
        error={tried && textMissing ? t`Say why.` : undefined}
      />
      <ActError error={act.error} />
    </ActDialog>
  );
}

/** One's own result, where the test allows it: with a reason, flagged, and shown on the report. */
export function SelfVerifyDialog({
  result,
  onClose,
  onVerify,
}: {
  result: Result;
  onClose: () => void;
  onVerify: (reason: string) => void;
}) {
  const { t } = useLingui();
  const words = useReasonWords();
  const [text, setText] = useState(words.alone_on_duty);
  const [tried, setTried] = useState(false);
  return (
    <ActDialog
      title={t`Verify your own result`}
      description={t`You entered ${result.test.name} yourself. It will be marked as self-verified, also on the report.`}
      onClose={onClose}
      onSubmit={() => {
        setTried(true);
        if (text.trim() !== "") onVerify(text.trim());
      }}
      busy={false}
      label={t`Accept`}
    >
      <TextAreaField
        label={t`Why can nobody else verify it?`}
        required
        rows={2}
        value={text}
        onChange={(event) => setText(event.target.value)}
        error={tried && text.trim() === "" ? t`Say why.` : undefined}
      />
    </ActDialog>
  );
}
