import { useEffect, useRef } from "react";
import { usePreferences } from "@/session/preferences";
import { isTyping } from "@/ui/typing";

/** What every mounted page and frame listens for: a key that begins a pair anywhere waits for its second everywhere. */
const listening = new Set<{ current: Record<string, () => void> }>();
const beginsPair = (key: string) =>
  [...listening].some(({ current }) => Object.keys(current).some((each) => each.startsWith(`${key} `)));

/**
 * Single keys while nobody is typing: `{ "n": act }`, or `"g s"` for two in a row. Switched off by the person's
 * preference; combinations with Ctrl are bound where they belong.
 */
export function useKeys(bindings: Record<string, () => void>): void {
  const { letterKeys } = usePreferences();
  const current = useRef(bindings);
  useEffect(() => {
    current.current = bindings;
  });
  useEffect(() => {
    if (!letterKeys) return;
    let prefix = "";
    let prefixAt = 0;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1 || isTyping(event.target)) return;
      const chord = event.timeStamp - prefixAt < 900 && prefix ? `${prefix} ${event.key}` : event.key;
      const act = current.current[chord];
      prefix = chord === event.key && beginsPair(event.key) ? event.key : "";
      prefixAt = event.timeStamp;
      if (!act) return;
      event.preventDefault();
      act();
    };
    listening.add(current);
    document.addEventListener("keydown", onKey);
    return () => {
      listening.delete(current);
      document.removeEventListener("keydown", onKey);
    };
  }, [letterKeys]);
}
