import { useSuspenseQuery } from "@tanstack/react-query";
import { call, setRequestLanguage } from "@/api/client";
import { queryClient } from "@/api/queries";
import type { Me } from "@/api/types";
import { activateLanguage } from "@/i18n";
import { preferences, setPreferences } from "./preferences";
import { knownMe, onForget, readMe, rememberMe } from "./who";

export const meQuery = {
  queryKey: ["GET /me", {}] as const,
  queryFn: readMe,
  initialData: () => knownMe() ?? undefined,
  staleTime: 5 * 60_000,
};
onForget(() => queryClient.clear());

/** The signed-in person; only for screens under the shell, whose loader made sure of it. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}

/** The signed-in person as an act has just changed them. */
export function setMe(me: Me): void {
  rememberMe(me);
  queryClient.setQueryData(meQuery.queryKey, me);
}

/** Whether the signed-in person holds a permission such as "sample:receive". */
export function useMay(): (permission: string) => boolean {
  const held = useMe().permissions;
  return (permission) => held.includes(permission);
}

/** Switches the screens now and tells the server, so that mails and the next browser know too. */
export async function chooseLanguage(language: Me["language"]): Promise<void> {
  setPreferences({ language });
  await activateLanguage(language);
  try {
    await call("PATCH /me", { body: { language } });
  } finally {
    setRequestLanguage(preferences().language);
    await queryClient.invalidateQueries();
  }
}
