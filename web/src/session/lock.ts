import { focusManager } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { call, onHold } from "@/api/client";
import { isProblem } from "@/api/problems";
import { queryClient } from "@/api/queries";
import type { Unlock } from "@/api/types-access";
import { setMe } from "./session";
import { onTabs, tellTabs } from "./tabs";
import { onForget, readMe } from "./who";

/*
 * A locked screen covers everything at once; the server refuses everything else of the session until it is unlocked. What
 * stands beneath stays as it is, so that the person goes on exactly where they were.
 */
let locked = false;
const listeners = new Set<() => void>();
/** Milliseconds until the server is told again that the screen is locked. */
const AGAIN = 4000;

function set(next: boolean): void {
  if (next === locked) return;
  locked = next;
  // Lists that read themselves again rest meanwhile.
  focusManager.setFocused(next ? false : undefined);
  for (const tell of listeners) tell();
}

onForget(() => set(false));
onHold((hold) => hold === "locked" && set(true));
onTabs((kind) => {
  if (kind === "locked") set(true);
  if (kind === "unlocked") void readOn();
});

export const isLocked = (): boolean => locked;
export function useLocked(): boolean {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => locked,
  );
}

/** What `GET /me` said when the page was opened. */
export function lockedFromTheStart(): void {
  set(true);
}

export function lock(): void {
  if (locked) return;
  set(true);
  tellTabs("locked");
  void tellServer();
}

/** The screen is covered also when the server is away; it learns of it as soon as it can. */
async function tellServer(): Promise<void> {
  try {
    await call("POST /auth/lock", { body: {} });
  } catch (error) {
    if (!isProblem(error)) window.setTimeout(() => locked && void tellServer(), AGAIN);
  }
}

export async function unlock(proof: Unlock): Promise<void> {
  await call("POST /auth/unlock", { body: proof });
  tellTabs("unlocked");
  await readOn();
}

async function readOn(): Promise<void> {
  const me = await readMe();
  setMe(me);
  set(me.locked);
  if (!me.locked) await queryClient.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "GET /me" });
}
