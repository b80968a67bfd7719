import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Siren } from "lucide-react";
import { useId, useState } from "react";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { CheckField, TextField } from "@/ui/field";
import { Form } from "@/ui/form";
import { type Desk, needsAcknowledgement } from "./desk";
import { FlagMark, limitText } from "./marks";
import { ReasonChoice, type ReasonCode, useReasonWords } from "./reason-choice";

/** The reasons a value is corrected for, most frequent first. */
const corrections = [
  "typing_error",
  "calculation_error",
  "instrument_error",
  "quality_control",
  "mix_up",
  "other",
] as const satisfies readonly ReasonCode[];

/** Before critical values or corrections are saved: each critical one is looked at, and corrections say why. */
export function BeforeSaving({
  desks,
  onClose,
  onSave,
}: {
  desks: readonly Desk[];
  onClose: () => void;
  onSave: (why: { reason: string; reason_code: string } | null) => void;
}) {
  const { t } = useLingui();
  const form = useId();
  const words = useReasonWords();
  const critical = desks.filter(needsAcknowledgement);
  const corrected = desks.filter((desk) => desk.correction);
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  const [code, setCode] = useState<ReasonCode | null>(null);
  const [text, setText] = useState("");
  const [tried, setTried] = useState(false);
  const unseen = critical.filter((desk) => !seen.has(desk.result.id));
  const reasonMissing = corrected.length > 0 && (code === null || (code === "other" && text.trim() === ""));
  const save = () => {
    setTried(true);
    if (unseen.length > 0 || reasonMissing) return;
    onSave(corrected.length > 0 && code ? { reason_code: code, reason: text.trim() || words[code] } : null);
  };
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={<Plural value={desks.length} one="Save # result" other="Save # results" />}
      footer={
        <>
          <Button onClick={onClose}>
            <Trans>Back</Trans>
          </Button>
          <Button tone="primary" type="submit" form={form}>
            <Trans>Save</Trans>
          </Button>
        </>
      }
    >
      <Form id={form} className="flex flex-col gap-5" onSubmit={save}>
        {critical.length > 0 && (
          <fieldset className="flex flex-col gap-2">
            <legend className="mb-2 flex items-center gap-2 font-semibold text-red">
              <Siren aria-hidden className="size-4" />
              <Trans>Critical values: look at each once more</Trans>
            </legend>
            <p className="text-muted">
              <Trans>Each opens a notice: somebody has to be told at once.</Trans>
            </p>
            {critical.map((desk) => (
              <div key={desk.result.id} className="rounded-md border border-red/50 px-3 py-2">
                <CheckField
                  checked={seen.has(desk.result.id)}
                  onChange={(on) =>
                    setSeen((now) =>
                      on ? new Set([...now, desk.result.id]) : new Set([...now].filter((id) => id !== desk.result.id)),
                    )
                  }
                  label={
                    <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
                      <span className="mono">{desk.result.sample.accession_number}</span>
                      {desk.result.test.name}
                      <span className="mono font-semibold">{desk.reading.display}</span>
                      <span className="text-muted">{desk.result.test.unit}</span>
                      {desk.flags
                        .filter((flag) => flag.startsWith("critical"))
                        .map((flag) => (
                          <FlagMark key={flag} flag={flag} />
                        ))}
                    </span>
                  }
                  hint={
                    <>
                      {limitText(desk.result.limits)}{" "}
                      {desk.result.previous && (
                        <Trans>· previously {desk.result.previous.display ?? desk.result.previous.value}</Trans>
                      )}
                    </>
                  }
                />
              </div>
            ))}
            {tried && unseen.length > 0 && (
              <p role="alert" className="text-xs text-red">
                <Trans>Tick each critical value that is right, or go back and correct it.</Trans>
              </p>
            )}
          </fieldset>
        )}
        {corrected.length > 0 && (
          <div className="flex flex-col gap-3">
            <p>
              <Plural
                value={corrected.length}
                one="# result was saved before. Its earlier value is kept, with your reason."
                other="# results were saved before. Their earlier values are kept, with your reason."
              />
            </p>
            <ReasonChoice
              legend={t`Why is it corrected?`}
              codes={corrections}
              value={code}
              onChange={setCode}
              error={tried && code === null ? t`Choose a reason.` : undefined}
            />
            <TextField
              label={t`In words`}
              hint={code === "other" ? undefined : t`Optional`}
              required={code === "other"}
              value={text}
              onChange={(event) => setText(event.target.value)}
              error={tried && code === "other" && text.trim() === "" ? t`Say why.` : undefined}
            />
          </div>
        )}
      </Form>
    </Dialog>
  );
}
