import { useInfiniteQuery } from "@tanstack/react-query";
import { call } from "@/api/client";
import { apiPages } from "@/api/queries";

/** Patients, page by page; what is searched for is sent in the body, because it may be a name. */
export function usePatients(q: string) {
  const everybody = apiPages("GET /patients", { query: {} });
  const query = useInfiniteQuery({
    ...everybody,
    ...(q
      ? {
          queryKey: ["POST /patients/search", "pages", { query: { q } }, 100] as typeof everybody.queryKey,
          queryFn: ({ pageParam, signal }: { pageParam: string | null; signal: AbortSignal }) =>
            call("POST /patients/search", { body: { q, limit: 100, after: pageParam ?? undefined } }, { signal }),
        }
      : {}),
    placeholderData: (previous) => previous,
  });
  return { ...query, rows: query.data?.pages.flatMap((page) => page.items) ?? [] };
}
