import { heardElsewhere, onHeard } from "@/api/client";

/*
 * Tabs of one browser share a session: what one does to it the others have to know. An idle tab beside a busy one is
 * not idle, and a screen that is locked is locked in all of them.
 */
type Word = { kind: "heard"; at: number } | { kind: "locked" } | { kind: "unlocked" };

const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("attest.session");
const listeners = new Set<(kind: Word["kind"]) => void>();
/** Milliseconds between two tellings that the server answered. */
const PAUSE = 5000;
let toldAt = 0;

channel?.addEventListener("message", ({ data }: MessageEvent<Word>) => {
  if (data.kind === "heard") heardElsewhere(data.at);
  else for (const tell of listeners) tell(data.kind);
});
onHeard(() => {
  const now = Date.now();
  if (now - toldAt < PAUSE) return;
  toldAt = now;
  say({ kind: "heard", at: now });
});

export function tellTabs(kind: "locked" | "unlocked"): void {
  say({ kind });
}
function say(word: Word): void {
  // A channel reaches this origin only.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  channel?.postMessage(word);
}
export function onTabs(listener: (kind: Word["kind"]) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
