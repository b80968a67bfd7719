import { useSyncExternalStore } from "react";
import { Trans } from "@lingui/react/macro";
import { CloudOff } from "lucide-react";
import { onReachability } from "@/api/client";
import { queryClient } from "@/api/queries";

let reachable = true;
const listeners = new Set<() => void>();

function set(next: boolean): void {
  if (next === reachable) return;
  reachable = next;
  if (!next) probe();
  // What could not be read is read now, without anybody having to ask.
  else void queryClient.refetchQueries({ type: "active", predicate: (query) => query.state.status === "error" });
  for (const tell of listeners) tell();
}
/** Asks every few seconds whether the server is back. Milliseconds. */
const PROBE = 4000;

function probe(): void {
  const timer = window.setInterval(() => {
    if (reachable) {
      window.clearInterval(timer);
      return;
    }
    void fetch("/health/live").then(
      (answer) => answer.ok && set(true),
      () => undefined,
    );
  }, PROBE);
}

onReachability(set);
window.addEventListener("offline", () => set(false));

/** Whether the server answered last time it was asked. */
export function useReachable(): boolean {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => reachable,
  );
}

export function OfflineBanner() {
  const online = useReachable();
  return (
    <div role="status">
      {!online && (
        <div className="flex items-center gap-2 bg-amber-tint px-4 py-1.5 text-amber sm:px-6">
          <CloudOff aria-hidden className="size-4 shrink-0" />
          <Trans>No connection to the server. What you typed stays here; try again when this line is gone.</Trans>
        </div>
      )}
    </div>
  );
}
