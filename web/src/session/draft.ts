import { useCallback, useState } from "react";

/*
 * What a person has typed and not sent survives leaving the page. It stays in this tab's memory only, because it may
 * name patients, and is dropped at sign-out.
 */
const drafts = new Map<string, unknown>();

// Closing or reloading the tab would lose them; the browser asks first.
window.addEventListener("beforeunload", (event) => {
  if (drafts.size > 0) event.preventDefault();
});

export function forgetDrafts(): void {
  drafts.clear();
}

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
