import { useEffect, useRef } from "react";
import { usePreferences } from "@/session/preferences";
import { isTyping } from "@/ui/data-table";

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
      prefix = chord === event.key ? event.key : "";
      prefixAt = event.timeStamp;
      if (!act) return;
      event.preventDefault();
      act();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [letterKeys]);
}
