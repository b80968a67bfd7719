import { call } from "@/api/client";
import type { LoginAnswer, Me } from "@/api/types";
import type { SwitchProof } from "@/api/types-access";
import { tellTabs } from "./tabs";
import { leaveSession, SHARED, signedIn } from "./who";

/** Leaves this computer to somebody else and stays signed in: the session waits, locked, for its person, who goes on at `place`. */
export async function park(go: () => Promise<void>, place?: string): Promise<void> {
  await call("POST /auth/workstation/park", { body: {} });
  rememberSharing(true);
  tellTabs("left");
  await leaveSession(go, place);
}

/** Goes on with a session that was parked at this computer. */
export async function switchTo(session: string, proof: SwitchProof): Promise<Me> {
  const body = { session_id: session, ...proof };
  // The document has a laboratory's kind as text.
  return signedIn((await call("POST /auth/workstation/switch", { body })) as LoginAnswer);
}

export function rememberSharing(shared: boolean): void {
  try {
    if (shared) localStorage.setItem(SHARED, "1");
    else localStorage.removeItem(SHARED);
  } catch {
    // The way is then not shown; the page is there all the same.
  }
}
