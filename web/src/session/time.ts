import { useMemo } from "react";
import { fieldValueOf, fullDateTime, instantOf, localDate, localDateTime } from "./clock";
import { useMe } from "./session";

/** Formatting in the signed-in person's laboratory's time. */
export function useTime() {
  const timezone = useMe().laboratory.timezone;
  return useMemo(
    () => ({
      timezone,
      date: (iso: string) => localDate(iso, timezone),
      dateTime: (iso: string) => localDateTime(iso, timezone),
      full: (iso: string) => fullDateTime(iso, timezone),
      toInstant: (local: string) => instantOf(local, timezone),
      toField: (iso: string) => fieldValueOf(iso, timezone),
    }),
    [timezone],
  );
}
