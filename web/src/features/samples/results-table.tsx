import { Trans, useLingui } from "@lingui/react/macro";
import { Check, ClockAlert, MessageSquareText, PenLine } from "lucide-react";
import type { ReactNode } from "react";
import type { Result } from "@/api/types";
import { AccreditedMark } from "@/features/catalogue/accredited-mark";
import { FlagMark, limitText, StatementMark } from "@/features/results/marks";
import { useTime } from "@/session/time";
import { cx } from "@/ui/cx";
import { useMedia } from "@/ui/media";
import { ScrollX } from "@/ui/page";
import { ResultStatusPill } from "./status";

/** Every test asked for on a sample and what became of it. Reading only: values are entered in the result grid. */
export function ResultsTable({ results }: { results: readonly Result[] }) {
  const { t } = useLingui();
  const stacked = useMedia("(max-width: 55.99rem)");
  const limits = [...new Set(results.map((each) => each.limits?.source?.name).filter((name) => name !== undefined))];
  if (stacked)
    return (
      <ul>
        {results.map((result) => (
          <li
            key={result.id}
            className={cx(
              "flex flex-col gap-1.5 border-b border-line px-4 py-3 last:border-0",
              isOver(result) && "opacity-60",
            )}
          >
            <div className="flex items-start gap-3">
              <TestName result={result} />
              <ResultStatusPill status={result.status} />
            </div>
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <Value result={result} />
              {result.statement && <StatementMark statement={result.statement} />}
            </div>
            {limitText(result.limits) && (
              <p className="text-xs text-muted">
                <Trans>
                  Limit {limitText(result.limits)} {result.unit}
                </Trans>
              </p>
            )}
            <Notes result={result} />
          </li>
        ))}
      </ul>
    );
  return (
    <ScrollX label={t`Table of results`}>
      <table className="w-full border-collapse text-start">
        <caption className="sr-only">{t`Results`}</caption>
        <thead className="text-xs font-medium text-muted">
          <tr className="border-b border-line *:px-2 *:py-2 *:text-start *:font-medium *:first:ps-4">
            <th scope="col">{t`Test`}</th>
            <th scope="col">{t`Result`}</th>
            <th scope="col" title={limits.join(", ")}>{t`Limits`}</th>
            <th scope="col">{t`Statement`}</th>
            <th scope="col">{t`Status`}</th>
          </tr>
        </thead>
        <tbody>
          {results.map((result) => (
            <tr
              key={result.id}
              className={cx(
                "border-b border-line align-top last:border-0 *:px-2 *:py-2 *:first:ps-4",
                isOver(result) && "text-muted",
              )}
            >
              <td className="min-w-44">
                <TestName result={result} />
                <Notes result={result} />
              </td>
              <td className="whitespace-nowrap">
                <Value result={result} />
              </td>
              <td className="mono whitespace-nowrap text-muted">{limitText(result.limits) ?? "–"}</td>
              <td>
                {result.statement ? (
                  <StatementMark statement={result.statement} />
                ) : (
                  <span className="text-faint">–</span>
                )}
              </td>
              <td>
                <ResultStatusPill status={result.status} />
                <Who result={result} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {limits.length > 0 && (
        <p className="border-t border-line px-4 py-2 text-xs text-muted">
          <Trans>Judged by {limits.join(", ")}.</Trans>
        </p>
      )}
    </ScrollX>
  );
}

const isOver = (result: Result) => result.status === "cancelled" || result.status === "retracted";

function TestName({ result }: { result: Result }) {
  return (
    <div className="min-w-0 flex-1">
      <span className="flex items-center gap-1.5">
        <span className={cx("font-medium", isOver(result) && "line-through")}>{result.test.name}</span>
        {result.test.accredited && <AccreditedMark />}
      </span>
      <span className="block text-xs text-muted">{result.test.method}</span>
    </div>
  );
}

function Value({ result }: { result: Result }) {
  if (result.value === null && result.display === null)
    return result.status === "verified" ? (
      // Clients and referring doctors are told by the report.
      <span className="text-xs text-muted">
        <Trans>told in the report</Trans>
      </span>
    ) : (
      <span className="mono text-faint">·</span>
    );
  return (
    <span className="inline-flex items-start gap-2">
      <span>
        <span className="mono font-semibold">{result.display ?? result.value}</span>{" "}
        <span className="text-muted">{result.unit}</span>
        {result.uncertainty && <span className="block text-xs text-muted">{result.uncertainty}</span>}
      </span>
      {result.flags.map((flag) => (
        <FlagMark key={flag} flag={flag} />
      ))}
    </span>
  );
}

function Notes({ result }: { result: Result }) {
  const { t } = useLingui();
  const notes = [
    result.origin === "external" ? t`From ${result.provider ?? t`an external provider`}` : null,
    result.origin === "calculated" ? t`Calculated` : null,
    result.dilution_factor && result.dilution_factor !== "1" ? t`Diluted ${result.dilution_factor}×` : null,
    result.retest_of ? t`Retest` : null,
    result.self_verified ? t`Verified by the person who entered it` : null,
    result.deviation,
    result.remark,
    result.reason,
  ].filter(Boolean);
  return (
    <>
      {result.hold_time?.exceeded && (
        <p className="mt-0.5 flex items-center gap-1 text-xs text-amber">
          <ClockAlert aria-hidden className="size-3.5 shrink-0" />
          <Trans>Holding time exceeded</Trans>
        </p>
      )}
      {notes.length > 0 && (
        <p className="mt-0.5 flex gap-1 text-xs text-muted">
          <MessageSquareText aria-hidden className="mt-0.5 size-3.5 shrink-0" />
          {notes.join(" · ")}
        </p>
      )}
    </>
  );
}

/** Who entered and who verified; the moments are in the hint and in the time line. */
function Who({ result }: { result: Result }) {
  const time = useTime();
  const person = (name: string | undefined, at: string | null, icon: ReactNode) =>
    name && (
      <span className="flex max-w-36 items-center gap-1 truncate" title={at ? time.full(at) : undefined}>
        {icon}
        <span className="truncate">{name}</span>
      </span>
    );
  return (
    <span className="mt-1 block text-xs text-muted">
      {person(result.entered_by?.name, result.entered_at, <PenLine aria-hidden className="size-3" />)}
      {person(result.verified_by?.name, result.verified_at, <Check aria-hidden className="size-3 text-green" />)}
    </span>
  );
}
