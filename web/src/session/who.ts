import { call, setCsrfToken } from "@/api/client";
import { isProblem } from "@/api/problems";
import type { LoginAnswer, LoginBody, Me } from "@/api/types";
import type { WebAuthnJson } from "@/api/types-access";
import { cameFromProvider } from "./sign-on";

/*
 * Who is signed in. Stands apart from the queries, whose machinery the screens before sign-in do without.
 */

let known: Me | null = null;
let asking: Promise<Me> | null = null;
/** Once a session has ended nobody is asked again: each further refusal would end it anew. */
let ended = false;
const forgetters = new Set<() => void>();
/** Comes with the first person who is signed in. */
let keeping: typeof import("./keeping") | null = null;

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

/** Of a person in a laboratory, for what is kept for them. */
export const nameOf = (me: Pick<Me, "id" | "laboratory">) => `${me.laboratory.id}.${me.id}`;

/** Keeps the person, and their key apart from what screens read. */
async function met({ draft_key, ...me }: Me, arrived = false): Promise<Me> {
  if (!keeping) {
    keeping = await import("./keeping");
    keeping.followTabs(() => known && nameOf(known));
  }
  if (arrived) keeping.tellTabs("arrived");
  keeping.takeKey(nameOf(me), draft_key);
  await keeping.takeDraftsBack(nameOf(me));
  known = me;
  return me;
}

/** Asks the server anew. */
export async function readMe(): Promise<Me> {
  const me = await call("GET /me", {});
  setCsrfToken(me.csrf_token);
  // Other tabs show what the person before was shown.
  return met(me, cameFromProvider());
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

/** The second step with a code, after the identity provider or the password; `mfaToken` stands for what was right. */
export async function signInWithCode(mfaToken: string, otp: string): Promise<Me> {
  const body = { mfa_token: mfaToken, otp, mode: "cookie" as const };
  return signedIn((await call("POST /auth/login/code", { body })) as LoginAnswer);
}

export function signedIn(answer: LoginAnswer): Promise<Me> {
  forgetReads();
  ended = false;
  setCsrfToken(answer.csrf_token ?? answer.user.csrf_token);
  return met(answer.user, true);
}

/**
 * Leaves what needs a session: `go` must open a page outside it. What was read stays until then, because the screens
 * that show it are still there. What was typed is put aside for the same person. Does nothing when the session has ended already.
 */
export async function leaveSession(go: () => Promise<void>, place?: string): Promise<void> {
  if (ended) return;
  ended = true;
  setCsrfToken(null);
  if (known) await keeping?.putDraftsAside(nameOf(known), place);
  await go();
  keeping?.forgetDrafts();
  known = null;
  forgetReads();
  keeping?.dropKey();
}

/** Ends the session on the server, then here. */
export async function signOut(go: () => Promise<void>): Promise<void> {
  await call("POST /auth/logout", {}).catch(() => undefined);
  keeping?.tellTabs("left");
  await leaveSession(go);
}

/** Set while people are parked at this computer, so that whoever signs in is shown the way to them. It names nobody. */
export const SHARED = "attest.shared";
export function isShared(): boolean {
  try {
    return SHARED in localStorage;
  } catch {
    return false;
  }
}

/** For tests: a browser tab that has just been opened. */
export function forgetSession(): void {
  ended = false;
  known = null;
  setCsrfToken(null);
  keeping?.forgetDrafts();
  forgetReads();
  keeping?.dropKey();
}
