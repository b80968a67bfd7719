import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Check, ClockAlert, CornerUpLeft, TriangleAlert } from "lucide-react";
import { useApi } from "@/api/queries";
import type { Result } from "@/api/types";
import { AccreditedMark } from "@/features/catalogue/accredited-mark";
import { FlagMark, limitText, StatementMark } from "@/features/results/marks";
import { useMay } from "@/session/session";
import { Button } from "@/ui/button";
import { Card, Facts, Notice } from "@/ui/page";
import { ActError, ErrorState, Skeleton } from "@/ui/states";
import { TimeText } from "@/ui/time-text";
import { DifferencePills } from "./difference-pills";
import { changeOf } from "./differences";
import { RangeBar } from "./range-bar";

interface ReviewProps {
  result: Result;
  error: unknown;
  busy: boolean;
  onAccept: () => void;
  onReturn: () => void;
  acceptReason: string | undefined;
  returnReason: string | undefined;
}

/** One result with all that a reviewer weighs, and the two answers. */
export function ResultReview({ result, error, busy, onAccept, onReturn, acceptReason, returnReason }: ReviewProps) {
  const { t } = useLingui();
  const { test } = result;
  const limits = limitText(result.limits);
  return (
    <div className="flex flex-col">
      <div className="sticky top-0 z-10 flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-canvas px-4 py-3 lg:px-6">
        <div className="min-w-0 flex-1 basis-56">
          <h2 className="flex items-center gap-1.5 text-lg font-semibold">
            <span className="truncate">{test.name}</span>
            {test.accredited && <AccreditedMark className="size-4" />}
          </h2>
          <p className="truncate text-muted">
            <Link to="/samples/$id" params={{ id: result.sample.id }} className="mono text-accent hover:underline">
              {result.sample.accession_number}
            </Link>{" "}
            · {test.method}
          </p>
        </div>
        <div className="flex gap-2">
          <Button icon={<CornerUpLeft />} shortcut="R" onClick={onReturn} disabledReason={returnReason}>
            <Trans>Return…</Trans>
          </Button>
          <Button
            tone="primary"
            icon={<Check />}
            shortcut="A"
            onClick={onAccept}
            busy={busy}
            disabledReason={acceptReason}
          >
            <Trans>Accept</Trans>
          </Button>
        </div>
      </div>
      <div className="flex flex-col gap-4 p-4 lg:px-6">
        <ActError error={error} />
        {acceptReason && (
          <Notice tone="amber" icon={<TriangleAlert />}>
            {acceptReason}
          </Notice>
        )}
        <Card>
          <div className="grid gap-x-8 gap-y-4 md:grid-cols-[auto_1fr]">
            <div className="flex flex-col gap-2">
              <p className="flex flex-wrap items-baseline gap-x-2">
                <span className="mono text-2xl font-semibold">{result.display ?? result.value}</span>
                <span className="text-base text-muted">{result.unit}</span>
                {result.uncertainty && <span className="mono text-muted">{result.uncertainty}</span>}
              </p>
              <div className="flex flex-wrap items-center gap-1.5">
                {result.flags.map((flag) => (
                  <FlagMark key={flag} flag={flag} />
                ))}
                {result.statement && <StatementMark statement={result.statement} />}
              </div>
            </div>
            <div className="flex min-w-0 flex-col items-start justify-center md:items-end">
              <RangeBar result={result} />
              {!limits && (
                <p className="text-muted">
                  <Trans>No limits apply.</Trans>
                </p>
              )}
            </div>
          </div>
          <div className="mt-4 flex flex-wrap gap-1.5 empty:hidden">
            <DifferencePills result={result} />
          </div>
        </Card>
        <div className="grid gap-4 2xl:grid-cols-2">
          <Card id="compare" title={t`Compared`}>
            <Compared result={result} />
          </Card>
          <Card id="made" title={t`How it was made`}>
            <Facts
              items={[
                [t`Entered by`, result.entered_by?.name],
                [t`Entered`, <TimeText key="entered" at={result.entered_at} />],
                result.typed !== null &&
                  result.typed !== result.value && [
                    t`As typed`,
                    <span key="typed" className="mono">
                      {result.typed}
                    </span>,
                  ],
                result.dilution_factor !== null &&
                  result.dilution_factor !== "1" && [
                    t`Dilution`,
                    <span key="dilution" className="mono">
                      {result.dilution_factor}×
                    </span>,
                  ],
                result.instrument && [t`Instrument`, result.instrument.name],
                result.measured_at !== null && [t`Measured`, <TimeText key="measured" at={result.measured_at} />],
                result.origin === "external" && [t`From`, result.provider ?? t`an external provider`],
                result.hold_time && [
                  t`To be tested by`,
                  <span key="hold" className={result.hold_time.exceeded ? "flex items-center gap-1.5 text-amber" : ""}>
                    {result.hold_time.exceeded && <ClockAlert aria-hidden className="size-4" />}
                    <TimeText at={result.hold_time.due_at} />
                    {result.hold_time.exceeded && <Trans>(exceeded)</Trans>}
                  </span>,
                ],
                result.deviation !== null && [t`Deviation`, result.deviation],
                result.remark !== null && [t`Remark`, result.remark],
              ]}
            />
          </Card>
        </div>
        <Versions result={result} />
        <SampleAround result={result} />
      </div>
    </div>
  );
}

function Compared({ result }: { result: Result }) {
  const { t } = useLingui();
  const change = changeOf(result);
  const limits = limitText(result.limits);
  return (
    <Facts
      items={[
        [
          t`Limits`,
          limits ? (
            <span key="limits" className="mono">
              {limits} {result.unit}
            </span>
          ) : null,
        ],
        result.limits?.warn_low || result.limits?.warn_high
          ? [
              t`Warning`,
              <span key="warning" className="mono">
                {[
                  result.limits.warn_low && `< ${result.limits.warn_low}`,
                  result.limits.warn_high && `> ${result.limits.warn_high}`,
                ]
                  .filter(Boolean)
                  .join(", ")}
              </span>,
            ]
          : null,
        result.limits?.critical_low || result.limits?.critical_high
          ? [
              t`Critical`,
              <span key="critical" className="mono text-red">
                {[
                  result.limits.critical_low && `< ${result.limits.critical_low}`,
                  result.limits.critical_high && `> ${result.limits.critical_high}`,
                ]
                  .filter(Boolean)
                  .join(", ")}
              </span>,
            ]
          : null,
        result.limits?.source ? [t`Judged by`, result.limits.source.name] : null,
        [
          t`Previous result`,
          result.previous ? (
            <span key="previous">
              <span className="mono font-medium">{result.previous.display ?? result.previous.value}</span>
              {change !== null && (
                <span className="text-muted">
                  {" "}
                  ({change > 0 ? "+" : change < 0 ? "−" : ""}
                  {Math.round(Math.abs(change) * 100)} %)
                </span>
              )}
              <span className="block text-xs text-muted">
                <TimeText at={result.previous.at} dateOnly /> ·{" "}
                <span className="mono">{result.previous.accession_number}</span>
              </span>
            </span>
          ) : (
            t`none`
          ),
        ],
        result.test.lod
          ? [
              "LOD",
              <span key="lod" className="mono">
                {result.test.lod}
              </span>,
            ]
          : null,
        result.test.loq
          ? [
              "LOQ",
              <span key="loq" className="mono">
                {result.test.loq}
              </span>,
            ]
          : null,
      ]}
    />
  );
}

/** Every value that was ever saved for it, the newest first, beside its reason. */
function Versions({ result }: { result: Result }) {
  const { t } = useLingui();
  const versions = useApi("GET /results/{id}/versions", { path: { id: result.id } });
  if (versions.error)
    return (
      <Card id="versions" title={t`Versions`}>
        <ErrorState error={versions.error} onRetry={() => void versions.refetch()} className="py-4" />
      </Card>
    );
  const items =
    versions.data?.items
      // The first version is the order itself: no value yet.
      .filter((each) => each.display !== null || each.value !== null || each.reason !== null)
      .toSorted((a, b) => b.version - a.version) ?? [];
  if (versions.data && items.length < 2) return null;
  return (
    <Card id="versions" flush title={t`Versions`}>
      {versions.isPending ? (
        <Skeleton className="m-4 h-10" />
      ) : (
        <ol>
          {items.map((each, index) => (
            <li
              key={each.version}
              className="grid gap-x-4 gap-y-0.5 border-b border-line px-4 py-2 last:border-0 sm:grid-cols-[7rem_1fr_auto]"
            >
              <span
                className={index === 0 ? "mono font-semibold" : "mono text-muted line-through decoration-line-strong"}
              >
                {each.display ?? each.value ?? "–"}
              </span>
              <span className="min-w-0">
                {each.entered_by?.name}
                {each.reason && <span className="block text-muted">{each.reason}</span>}
              </span>
              <TimeText at={each.entered_at} className="text-xs text-muted" />
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}

/** The sample's own warnings and its other results: a value that fits them is easier to believe. */
function SampleAround({ result }: { result: Result }) {
  const { t } = useLingui();
  const may = useMay();
  const sample = useApi("GET /samples/{id}", { path: { id: result.sample.id } }, { enabled: may("sample:read") });
  if (!sample.data) return null;
  const others = sample.data.results.filter((each) => each.id !== result.id && each.status !== "cancelled");
  const warnings = [sample.data.condition_note, ...sample.data.deviations].filter((each) => each !== null);
  return (
    <>
      {warnings.length > 0 && (
        <Notice tone="amber" icon={<TriangleAlert />}>
          <Trans>On receipt:</Trans> {warnings.join(" · ")}
        </Notice>
      )}
      {others.length > 0 && (
        <Card id="others" flush title={t`The rest of this sample`}>
          <ul className="grid sm:grid-cols-2">
            {others.map((each) => (
              <li key={each.id} className="flex min-h-9 items-center gap-2 border-b border-line px-4 py-1.5">
                <span className="min-w-0 flex-1 truncate text-muted">{each.test.name}</span>
                {each.flags.slice(0, 1).map((flag) => (
                  <FlagMark key={flag} flag={flag} />
                ))}
                <span className="mono">{each.display ?? each.value ?? "·"}</span>
                <span className="text-xs text-muted">{each.unit}</span>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </>
  );
}
