import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { CircleX, ClockAlert } from "lucide-react";
import type { Instrument } from "@/api/types-catalogue";
import { useTime } from "@/session/time";
import { Pill } from "@/ui/pill";

/** From how many days before its end a calibration is worth a reminder. */
const SOON = 30;

/** Whole days from `today` until the last day of a calibration; negative once it is over. Both are days such as "2026-11-22". */
export function daysLeft(calibratedUntil: string, today: string): number {
  return Math.round((Date.parse(calibratedUntil) - Date.parse(today)) / 86_400_000);
}

/** Until when an instrument is calibrated, and a mark when that is over or nearly so. */
export function Calibration({
  instrument,
  labelled,
}: {
  instrument: Pick<Instrument, "calibrated_until" | "active">;
  /** Says what the day means, where no column head does. */
  labelled?: boolean;
}) {
  const { t } = useLingui();
  const time = useTime();
  const until = instrument.calibrated_until;
  if (!until) return <span className="text-muted">{labelled ? t`needs no calibration` : t`needs none`}</span>;
  const left = daysLeft(until, time.date(new Date().toISOString()));
  const over = instrument.active && left < 0;
  return (
    <span className="flex min-w-0 items-center gap-2">
      {/* The mark says by itself that it is about calibration. */}
      <span>
        {labelled && !over && t`Calibrated until`} <span className="mono">{until}</span>
      </span>
      {/* What is not in use needs no calibration and no reminder. */}
      {!instrument.active ? null : over ? (
        <Pill tone="red" icon={<CircleX aria-hidden />}>
          <Trans>Out of calibration</Trans>
        </Pill>
      ) : left <= SOON ? (
        <Pill tone="amber" icon={<ClockAlert aria-hidden />}>
          {left === 0 ? <Trans>Last day</Trans> : <Plural value={left} one="# day left" other="# days left" />}
        </Pill>
      ) : null}
    </span>
  );
}
