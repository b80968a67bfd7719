import { useLingui } from "@lingui/react/macro";
import { Check, X } from "lucide-react";
import type { Sample, SampleStatus } from "@/api/types";
import { useTime } from "@/session/time";
import { cx } from "@/ui/cx";
import { sampleStatuses } from "./status";

const path = ["registered", "received", "in_progress", "completed", "reported"] as const satisfies SampleStatus[];
type Step = (typeof path)[number];

/** Where the sample stands between registration and report, and when each step happened. */
export function LifeLine({ sample }: { sample: Sample }) {
  const { t, i18n } = useLingui();
  const time = useTime();
  const at = stepTimes(sample);
  const stopped = sample.status === "rejected" || sample.status === "cancelled";
  const reached = stopped
    ? lastReached(at)
    : sample.status === "disposed"
      ? path.length - 1
      : path.indexOf(sample.status as Step);
  const steps: { id: SampleStatus; state: "done" | "now" | "stopped" | "ahead"; at: string | null }[] = stopped
    ? [
        ...path.slice(0, reached + 1).map((id) => ({ id, state: "done" as const, at: at[id] })),
        { id: sample.status, state: "stopped" as const, at: sample.updated_at },
      ]
    : path.map((id, index) => ({
        id,
        state: index < reached ? ("done" as const) : index === reached ? ("now" as const) : ("ahead" as const),
        at: index <= reached ? at[id] : null,
      }));
  return (
    <ol
      aria-label={t`Life line`}
      className="flex gap-0 overflow-x-auto rounded-lg border border-line bg-surface px-4 py-4 max-sm:flex-col"
    >
      {steps.map((step, index) => (
        <li
          key={step.id}
          aria-current={step.state === "now" ? "step" : undefined}
          className="relative flex min-w-0 flex-1 gap-2.5 max-sm:pb-3 max-sm:last:pb-0 sm:flex-col sm:gap-2"
        >
          {index < steps.length - 1 && (
            <span
              aria-hidden
              className={cx(
                "absolute max-sm:top-6 max-sm:bottom-0 max-sm:left-[11px] max-sm:w-0.5 sm:top-[11px] sm:right-0 sm:left-7 sm:mr-1 sm:h-0.5",
                step.state === "done" ? (steps[index + 1]?.state === "stopped" ? "bg-red" : "bg-accent") : "bg-line",
              )}
            />
          )}
          <span
            aria-hidden
            className={cx(
              "relative grid size-6 shrink-0 place-items-center rounded-full",
              step.state === "done" && "bg-accent text-on-accent",
              step.state === "now" && "bg-surface text-accent ring-2 ring-accent ring-inset",
              step.state === "stopped" && "bg-critical text-on-critical",
              step.state === "ahead" && "bg-surface ring-2 ring-line-strong ring-inset",
            )}
          >
            {step.state === "done" && <Check className="size-3.5" />}
            {step.state === "stopped" && <X className="size-3.5" />}
            {step.state === "now" && <span className="size-2 rounded-full bg-accent" />}
          </span>
          <span className="min-w-0 pe-3">
            <span
              className={cx(
                "block truncate",
                step.state === "ahead" ? "text-muted" : "font-medium",
                step.state === "stopped" && "text-red",
              )}
            >
              {i18n._(sampleStatuses[step.id].label)}
            </span>
            <span className="block truncate text-xs text-muted" title={step.at ? time.full(step.at) : undefined}>
              {step.at ? time.dateTime(step.at) : "–"}
            </span>
          </span>
        </li>
      ))}
    </ol>
  );
}

function stepTimes(sample: Sample): Record<Step, string | null> {
  const entered = sample.results.map((each) => each.entered_at).filter((each) => each !== null);
  const verified = sample.results.map((each) => each.verified_at).filter((each) => each !== null);
  const isDone = sample.status === "completed" || sample.status === "reported" || sample.status === "disposed";
  return {
    registered: sample.created_at,
    received: sample.received_at,
    in_progress: entered.toSorted()[0] ?? null,
    completed: isDone ? (verified.toSorted().at(-1) ?? null) : null,
    reported: sample.status === "reported" ? sample.updated_at : null,
  };
}

function lastReached(at: Record<Step, string | null>): number {
  return path.findLastIndex((step) => at[step] !== null);
}
