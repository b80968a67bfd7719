import { useMemo } from "react";
import { useApi } from "@/api/queries";
import type { AuditEvent } from "@/api/types-records";
import { useMay } from "@/session/session";
import { isUuid } from "./plain";

/** What the records are called that an event names by their ids; asked for only when it does. */
export function useNames(event: AuditEvent): ReadonlyMap<string, string> {
  const may = useMay();
  const enabled =
    may("catalog:read") &&
    event.changes.some(({ from, to }) =>
      [from, to].some((each) => typeof each === "string" && each.split(", ").some(isUuid)),
    );
  const tests = useApi("GET /tests", { query: { limit: 200 } }, { enabled });
  const types = useApi("GET /sample-types", { query: { limit: 200 } }, { enabled });
  return useMemo(
    () => new Map([...(tests.data?.items ?? []), ...(types.data?.items ?? [])].map((each) => [each.id, each.name])),
    [tests.data, types.data],
  );
}
