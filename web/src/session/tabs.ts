import { heardElsewhere, onHeard } from "@/api/client";

/*
 * Tabs of one browser share a session: what one does to it the others have to know. An idle tab beside a busy one is
 * not idle, a screen that is locked is locked in all of them, and who leaves or arrives does so in all of them.
 */
type Word = { kind: "heard"; at: number } | { kind: "locked" | "unlocked" | "left" | "arrived" };

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

export function tellTabs(kind: Exclude<Word["kind"], "heard">): void {
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
