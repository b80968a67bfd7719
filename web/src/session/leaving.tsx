import { Suspense, useEffect, useState } from "react";
import { loadWords } from "@/i18n";
import { part } from "@/ui/part";
import { lock } from "./lock";

const LeaveDialog = part(() =>
  Promise.all([import("@/features/access/leave-dialog"), loadWords("whole")]).then(([module]) => module.LeaveDialog),
);

type Way = "switch" | "sign-out";
let begin: ((way: Way) => void) | null = null;

/** The person wants to go: for good, or only from this computer. */
export function leave(way: Way): void {
  begin?.(way);
}

/** Before the session ends, asks what becomes of what was typed and not sent. */
export function LeaveHost({ onSwitch, onSignOut }: { onSwitch: () => Promise<void>; onSignOut: () => void }) {
  const [asking, setAsking] = useState(false);
  useEffect(() => {
    begin = (way) => {
      if (way === "sign-out") setAsking(true);
      // Where the server cannot be reached nobody else could sign in; the screen is covered at least, and says why.
      else void onSwitch().catch(lock);
    };
    return () => {
      begin = null;
    };
  }, [onSwitch]);
  return asking ? (
    <Suspense>
      <LeaveDialog
        onClose={() => setAsking(false)}
        onSignOut={() => {
          setAsking(false);
          onSignOut();
        }}
      />
    </Suspense>
  ) : null;
}
