import { call, setCsrfToken } from "@/api/client";
import { isProblem } from "@/api/problems";
import type { LoginAnswer, LoginBody, Me } from "@/api/types";
import type { WebAuthnJson } from "@/api/types-access";
import { forgetDrafts } from "./draft";

/*
 * Who is signed in. Stands apart from the queries, whose machinery the screens before sign-in do without.
 */

let known: Me | null = null;
let asking: Promise<Me> | null = null;
/** Once a session has ended nobody is asked again: each further refusal would end it anew. */
let ended = false;
const forgetters = new Set<() => void>();

/** Called when what was read for one person must not be seen by the next. */
export function onForget(forget: () => void): void {
  forgetters.add(forget);
}
function forgetReads(): void {
  for (const forget of forgetters) forget();
}

export const knownMe = (): Me | null => known;
export function rememberMe(me: Me): void {
  known = me;
}

/** Asks the server anew. */
export async function readMe(): Promise<Me> {
  const me = await call("GET /me", {});
  setCsrfToken(me.csrf_token);
  known = me;
  return me;
}

/** The signed-in person, or null when nobody is. Other failures are thrown. */
export async function whoAmI(): Promise<Me | null> {
  if (ended) return null;
  if (known) return known;
  asking ??= readMe();
  try {
    return await asking;
  } catch (error) {
    if (isProblem(error) && error.status === 401) return null;
    throw error;
  } finally {
    asking = null;
  }
}

export async function signIn(body: Omit<LoginBody, "mode">): Promise<Me> {
  return signedIn(await call("POST /auth/login", { body: { ...body, mode: "cookie" } }));
}

/** The second step with a passkey; `mfaToken` stands for the password that was right. */
export async function signInWithPasskey(mfaToken: string, credential: WebAuthnJson): Promise<Me> {
  const body = { mfa_token: mfaToken, credential, mode: "cookie" as const };
  // The document has a laboratory's kind as text.
  return signedIn((await call("POST /auth/login/passkey", { body })) as LoginAnswer);
}

function signedIn(answer: LoginAnswer): Me {
  forgetReads();
  ended = false;
  setCsrfToken(answer.csrf_token ?? answer.user.csrf_token);
  known = answer.user;
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
  known = null;
  forgetReads();
}

/** Ends the session on the server, then here. */
export async function signOut(go: () => Promise<void>): Promise<void> {
  await call("POST /auth/logout", {}).catch(() => undefined);
  await leaveSession(go);
}

/** For tests: a browser tab that has just been opened. */
export function forgetSession(): void {
  ended = false;
  known = null;
  setCsrfToken(null);
  forgetDrafts();
  forgetReads();
}
