import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { ClockAlert, History } from "lucide-react";
import type { ReactNode } from "react";
import { AccreditedMark } from "@/features/catalogue/accredited-mark";
import { Button } from "@/ui/button";
import { TextAreaField, TextField } from "@/ui/field";
import { Notice } from "@/ui/page";
import { TimeText } from "@/ui/time-text";
import type { Desk } from "./desk";
import type { DraftField } from "./drafts";
import { FlagMark } from "./marks";
import { useDeskWords } from "./words";
import { limitRows, typedText } from "./worklist";

interface InspectorProps {
  desk: Desk | null;
  onField: (desk: Desk, field: DraftField, text: string) => void;
  onKeepMine: (desk: Desk) => void;
  onTakeTheirs: (desk: Desk) => void;
  /** Whether dilution and remark have columns of their own. */
  inColumns: boolean;
}

/** Everything about the active cell: its limits, the previous result, what is wrong, and its less frequent fields. */
export function Inspector({ desk, onField, onKeepMine, onTakeTheirs, inColumns }: InspectorProps) {
  const { t } = useLingui();
  const words = useDeskWords();
  if (!desk)
    return (
      <p className="px-4 py-6 text-muted">
        <Trans>Nothing was ordered in this cell.</Trans>
      </p>
    );
  const { result } = desk;
  const { test } = result;
  const trouble = words.trouble(desk);
  return (
    <div className="flex flex-col gap-4 p-4">
      <div>
        <p className="flex items-center gap-1.5 font-semibold">
          {test.name}
          {test.accredited && <AccreditedMark />}
        </p>
        <p className="text-xs text-muted">
          <Link to="/samples/$id" params={{ id: result.sample.id }} className="mono text-accent hover:underline">
            {result.sample.accession_number}
          </Link>{" "}
          · {test.method}
        </p>
      </div>
      <div className="flex min-h-8 flex-wrap items-center gap-2">
        <span className="mono text-lg font-semibold">{desk.reading.display || "–"}</span>
        <span className="text-muted">{test.unit}</span>
        {desk.flags.map((flag) => (
          <FlagMark key={flag} flag={flag} />
        ))}
      </div>
      {trouble && (
        <Notice tone={desk.trouble === "stale" ? "amber" : "red"}>
          <p>{trouble}</p>
          {desk.trouble === "stale" && (
            <span className="mt-2 flex flex-wrap gap-2">
              <Button onClick={() => onTakeTheirs(desk)}>
                <Trans>Take theirs</Trans>
              </Button>
              <Button onClick={() => onKeepMine(desk)}>
                <Trans>Keep mine</Trans>
              </Button>
            </span>
          )}
        </Notice>
      )}
      {test.result_type === "coded" && test.codes && (
        <p className="text-xs text-muted">
          <Trans>Choices: {test.codes.join(", ")}</Trans>
        </p>
      )}
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
        {limitRows(result.limits).map(({ kind, value }) => (
          <Fact key={kind} term={words.limit(kind)}>
            <span className={kind.startsWith("critical") ? "mono text-red" : "mono"}>{value}</span>
          </Fact>
        ))}
        {result.limits?.text && <Fact term={t`Limit`}>{result.limits.text}</Fact>}
        {test.lod && (
          <Fact term="LOD">
            <span className="mono">{test.lod}</span>
          </Fact>
        )}
        {test.loq && test.loq !== test.lod && (
          <Fact term="LOQ">
            <span className="mono">{test.loq}</span>
          </Fact>
        )}
        <Fact term={t`Previous result`}>
          {result.previous ? (
            <>
              <span className="mono font-medium">{result.previous.display ?? result.previous.value}</span>{" "}
              <span className="block text-xs text-muted">
                <TimeText at={result.previous.at} dateOnly />{" "}
                <span className="mono block">{result.previous.accession_number}</span>
              </span>
            </>
          ) : (
            <span className="text-faint">
              <Trans>none</Trans>
            </span>
          )}
        </Fact>
        {desk.draft && result.status === "entered" && (
          <Fact term={t`Saved value`}>
            <span className="mono">{result.display ?? typedText(result)}</span>
            {result.entered_by && <span className="block text-xs text-muted">{result.entered_by.name}</span>}
          </Fact>
        )}
      </dl>
      {result.limits?.source && (
        <p className="text-xs text-muted">
          <Trans>Judged by {result.limits.source.name}.</Trans>
        </p>
      )}
      {result.hold_time && (
        <p className={`flex items-center gap-1.5 text-xs ${result.hold_time.exceeded ? "text-amber" : "text-muted"}`}>
          <ClockAlert aria-hidden className="size-3.5 shrink-0" />
          {result.hold_time.exceeded ? <Trans>Holding time exceeded</Trans> : <Trans>To be tested by</Trans>}{" "}
          <TimeText at={result.hold_time.due_at} />
        </p>
      )}
      {result.reason && result.status === "pending" && (
        <Notice tone="amber" icon={<History />}>
          <Trans>Returned: {result.reason}</Trans>
        </Notice>
      )}
      {!inColumns && (
        <>
          <TextField
            label={t`Dilution factor`}
            mono
            inputMode="decimal"
            value={desk.dilution}
            placeholder="1"
            onChange={(event) => onField(desk, "dilution_factor", event.target.value)}
          />
          <TextAreaField
            label={t`Remark`}
            rows={2}
            value={desk.remark}
            onChange={(event) => onField(desk, "remark", event.target.value)}
          />
        </>
      )}
    </div>
  );
}

function Fact({ term, children }: { term: ReactNode; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{term}</dt>
      <dd className="min-w-0 text-end">{children}</dd>
    </>
  );
}
