/*
 * Screens show the laboratory's time, not the browser's, in ISO order and 24 h: "2026-11-22 01:05". The offset
 * is part of the tooltip and of every signed document.
 */

const formats = new Map<string, Intl.DateTimeFormat>();

function partsIn(instant: Date, timezone: string): Record<string, string> {
  let format = formats.get(timezone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-GB", {
      timeZone: timezone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
    });
    formats.set(timezone, format);
  }
  return Object.fromEntries(format.formatToParts(instant).map((part) => [part.type, part.value]));
}

/** Minutes the timezone is ahead of UTC at that instant. */
export function offsetMinutes(instant: Date, timezone: string): number {
  const p = partsIn(instant, timezone);
  const asIfUtc = Date.UTC(
    Number(p.year),
    Number(p.month) - 1,
    Number(p.day),
    Number(p.hour),
    Number(p.minute),
    Number(p.second),
  );
  return Math.round((asIfUtc - Math.floor(instant.getTime() / 1000) * 1000) / 60_000);
}

export function localDate(iso: string, timezone: string): string {
  const p = partsIn(new Date(iso), timezone);
  return `${p.year}-${p.month}-${p.day}`;
}

export function localDateTime(iso: string, timezone: string): string {
  const p = partsIn(new Date(iso), timezone);
  return `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}`;
}

/** "2026-11-22 01:05:09 +01:00 (Europe/Warsaw)" */
export function fullDateTime(iso: string, timezone: string): string {
  const instant = new Date(iso);
  const p = partsIn(instant, timezone);
  const minutes = offsetMinutes(instant, timezone);
  const sign = minutes < 0 ? "−" : "+";
  const two = (n: number) => String(Math.floor(Math.abs(n))).padStart(2, "0");
  const offset = `${sign}${two(minutes / 60)}:${two(minutes % 60)}`;
  return `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}:${p.second} ${offset} (${timezone})`;
}

/**
 * The instant a wall clock in the laboratory shows `local` ("2026-11-22T01:05" or with a space). Null when it is not a
 * time, or names a moment that daylight saving skipped.
 */
export function instantOf(local: string, timezone: string): string | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2}))?$/.exec(local.trim());
  if (!match) return null;
  const [year, month, day, hour, minute] = match.slice(1).map((part) => Number(part ?? 0));
  const wall = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute);
  const check = new Date(wall);
  if (check.getUTCMonth() !== (month ?? 1) - 1 || check.getUTCDate() !== day) return null;
  // The offset at the guess may differ from the offset at the answer around a change of clocks; two steps settle it.
  let instant = wall - offsetMinutes(new Date(wall), timezone) * 60_000;
  instant = wall - offsetMinutes(new Date(instant), timezone) * 60_000;
  const back = partsIn(new Date(instant), timezone);
  if (Number(back.hour) !== hour || Number(back.minute) !== minute) return null;
  return new Date(instant).toISOString().replace(".000Z", "Z");
}

/** The value of a datetime-local field for an instant. */
export function fieldValueOf(iso: string, timezone: string): string {
  return localDateTime(iso, timezone).replace(" ", "T");
}
