import {
  infiniteQueryOptions,
  QueryClient,
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { call, type CallOptions } from "./client";
import type { Answer, Input, Item, ListOperation, Operation } from "./operations";
import { isProblem, NetworkError } from "./problems";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // A refusal will be refused again; a missing answer is worth two more tries.
      retry: (count, error) => count < 2 && (error instanceof NetworkError || isServerTrouble(error)),
      networkMode: "always",
    },
    mutations: { retry: false, networkMode: "always" },
  },
});

function isServerTrouble(error: unknown): boolean {
  return isProblem(error) && (error.status === 503 || error.status === 502 || error.status === 504);
}

/** Query options of a reading operation: for loaders (`ensureQueryData`) and for `useApi`. */
export function api<O extends Operation>(operation: O, input: Input<O>) {
  return queryOptions({
    queryKey: [operation, input],
    queryFn: ({ signal }): Promise<Answer<O>> => call(operation, input, { signal }),
  });
}

export function useApi<O extends Operation>(operation: O, input: Input<O>, options: { enabled?: boolean } = {}) {
  return useQuery({ ...api(operation, input), ...options });
}

/** A keyset list, page by page. */
export function apiPages<O extends ListOperation>(operation: O, input: Input<O>, limit = 100) {
  return infiniteQueryOptions({
    queryKey: [operation, "pages", input, limit],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }): Promise<{ items: Item<O>[]; next: string | null }> => {
      const query = { limit, ...(input as { query?: object }).query, after: pageParam ?? undefined };
      const page = await call(operation, { ...input, query } as Input<O>, { signal });
      return page as { items: Item<O>[]; next: string | null };
    },
    getNextPageParam: (page) => page.next,
  });
}

export function useApiPages<O extends ListOperation>(operation: O, input: Input<O>, limit = 100) {
  const query = useInfiniteQuery({ ...apiPages(operation, input, limit), placeholderData: (previous) => previous });
  return { ...query, rows: query.data?.pages.flatMap((page) => page.items) ?? [] };
}

/**
 * A changing operation. Whatever is on screen is read again afterwards: a transition touches counts, lists and
 * time lines that no page can name completely.
 */
export function useAct<O extends Operation>(operation: O) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ options, ...input }: Input<O> & { options?: CallOptions }): Promise<Answer<O>> =>
      call(operation, input as unknown as Input<O>, options),
    onSuccess: () => client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "GET /me" }),
  });
}
