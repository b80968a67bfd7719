import { useEffect, useRef } from "react";
import { isTyping } from "@/ui/typing";

/** A hand scanner types much faster than a person and ends with Enter. Milliseconds between two of its characters. */
const SCAN_GAP = 40;
const SHORTEST = 5;

/** Collects a burst of keys into a scan. Pure, so that its timing can be tested. */
export class ScanBuffer {
  private text = "";
  private last = 0;

  /** @returns the scanned text when `key` completes a scan */
  push(key: string, at: number): string | null {
    if (at - this.last > SCAN_GAP) this.text = "";
    this.last = at;
    if (key === "Enter") {
      const scanned = this.text;
      this.text = "";
      return scanned.length >= SHORTEST ? scanned : null;
    }
    if (key.length === 1) this.text += key;
    return null;
  }
}

/** Hears a scanner anywhere on the page, except where the person is typing into a field. */
export function useScanner(onScan: (text: string) => void): void {
  const act = useRef(onScan);
  useEffect(() => {
    act.current = onScan;
  });
  useEffect(() => {
    const buffer = new ScanBuffer();
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const scanned = buffer.push(event.key, event.timeStamp);
      if (scanned === null) return;
      // The Enter that ends a scan must not press whatever has the focus.
      event.preventDefault();
      event.stopPropagation();
      act.current(scanned);
    };
    document.addEventListener("keydown", onKey, { capture: true });
    return () => document.removeEventListener("keydown", onKey, { capture: true });
  }, []);
}
