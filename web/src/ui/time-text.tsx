import { useTime } from "@/session/time";
import { cx } from "./cx";

/** A moment in the laboratory's time; hovering tells seconds and offset. */
export function TimeText({
  at,
  dateOnly,
  className,
}: {
  at: string | null | undefined;
  dateOnly?: boolean;
  className?: string;
}) {
  const time = useTime();
  if (!at) return <span className="text-faint">–</span>;
  return (
    <time dateTime={at} title={time.full(at)} className={cx("whitespace-nowrap", className)}>
      {dateOnly ? time.date(at) : time.dateTime(at)}
    </time>
  );
}
