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

/** Once a session has ended nobody is asked again: each further refusal would end it anew. */
let ended = false;

/** The signed-in person, or null when nobody is. Other failures are thrown. */
export async function whoAmI(): Promise<Me | null> {
  if (ended) return null;
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
  ended = false;
  setCsrfToken(answer.csrf_token ?? answer.user.csrf_token);
  queryClient.setQueryData(meQuery.queryKey, answer.user);
  return answer.user;
}

/**
 * Leaves what needs a session: `go` must open a page outside it. What was read stays until then, because the screens
 * that show it are still there. Does nothing when the session has ended already.
 */
export async function leaveSession(go: () => Promise<void>): Promise<void> {
  if (ended) return;
  ended = true;
  setCsrfToken(null);
  forgetDrafts();
  await go();
  queryClient.clear();
}

/** Ends the session on the server, then here. */
export async function signOut(go: () => Promise<void>): Promise<void> {
  await call("POST /auth/logout", {}).catch(() => undefined);
  await leaveSession(go);
}

/** For tests: a browser tab that has just been opened. */
export function forgetSession(): void {
  ended = false;
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
