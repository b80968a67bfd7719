import { useCallback, useState } from "react";

/*
 * What a person has typed and not sent survives leaving the page. It stays in this tab's memory, because it may name patients.
 * When the person goes, `keeping.ts` puts it aside encrypted.
 */
const drafts = new Map<string, unknown>();

// Closing or reloading the tab would lose them; the browser asks first.
window.addEventListener("beforeunload", (event) => {
  if (drafts.size > 0) event.preventDefault();
});

/** How many forms hold something that was not sent. */
export const openDrafts = (): number => drafts.size;

export function forgetDrafts(): void {
  drafts.clear();
}

/** All of them, for putting them aside and taking them back. */
export const everyDraft = (): Map<string, unknown> => drafts;

/** State that is still there when the person comes back to the page. `kept` says that it was. */
export function useDraft<T extends object>(
  key: string,
  initial: T,
): {
  value: T;
  set: (change: Partial<T> | ((now: T) => T)) => void;
  clear: (keep?: Partial<T>) => void;
  kept: boolean;
} {
  const [kept, setKept] = useState(() => drafts.has(key));
  const [value, setValue] = useState<T>(() => (drafts.get(key) as T | undefined) ?? initial);
  const set = useCallback(
    (change: Partial<T> | ((now: T) => T)) =>
      setValue((now) => {
        const next = typeof change === "function" ? change(now) : { ...now, ...change };
        drafts.set(key, next);
        return next;
      }),
    [key],
  );
  const clear = useCallback(
    (keep: Partial<T> = {}) => {
      drafts.delete(key);
      setKept(false);
      setValue({ ...initial, ...keep });
    },
    // The initial value is a constant of the page.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [key],
  );
  return { value, set, clear, kept };
}
