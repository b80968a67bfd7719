import { useTime } from "@/session/time";

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
    <time dateTime={at} title={time.full(at)} className={className}>
      {dateOnly ? time.date(at) : time.dateTime(at)}
    </time>
  );
}
