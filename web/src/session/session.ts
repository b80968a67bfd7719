import { useSuspenseQuery } from "@tanstack/react-query";
import { call, setCsrfToken, setRequestLanguage } from "@/api/client";
import { isProblem } from "@/api/problems";
import { queryClient } from "@/api/queries";
import type { LoginBody, Me } from "@/api/types";
import { activateLanguage } from "@/i18n";
import { forgetDrafts } from "./draft";
import { preferences, setPreferences } from "./preferences";

export const meQuery = {
  queryKey: ["GET /me", {}] as const,
  queryFn: async (): Promise<Me> => {
    const me = await call("GET /me", {});
    setCsrfToken(me.csrf_token);
    return me;
  },
  staleTime: 5 * 60_000,
};

/** The signed-in person, or null when nobody is. Other failures are thrown. */
export async function whoAmI(): Promise<Me | null> {
  try {
    return await queryClient.ensureQueryData(meQuery);
  } catch (error) {
    if (isProblem(error) && error.status === 401) return null;
    throw error;
  }
}

/** The signed-in person; only for screens under the shell, whose loader made sure of it. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}

/** Whether the signed-in person holds a permission such as "sample:receive". */
export function useMay(): (permission: string) => boolean {
  const held = useMe().permissions;
  return (permission) => held.includes(permission);
}

export async function signIn(body: Omit<LoginBody, "mode">): Promise<Me> {
  const answer = await call("POST /auth/login", { body: { ...body, mode: "cookie" } });
  queryClient.clear();
  setCsrfToken(answer.csrf_token ?? answer.user.csrf_token);
  queryClient.setQueryData(meQuery.queryKey, answer.user);
  return answer.user;
}

/** Ends the session on the server and forgets everything read under it. */
export async function signOut(): Promise<void> {
  try {
    await call("POST /auth/logout", {});
  } finally {
    forgetSession();
  }
}

export function forgetSession(): void {
  setCsrfToken(null);
  forgetDrafts();
  queryClient.clear();
}

/** Switches the screens now and tells the server, so that mails and the next browser know too. */
export async function chooseLanguage(language: Me["language"], signedIn: boolean): Promise<void> {
  setPreferences({ language });
  await activateLanguage(language);
  if (!signedIn) return;
  try {
    await call("PATCH /me", { body: { language } });
  } finally {
    setRequestLanguage(preferences().language);
    await queryClient.invalidateQueries();
  }
}
