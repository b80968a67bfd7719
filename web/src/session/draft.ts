import { useCallback, useState } from "react";
import { draftKey, seal, unseal } from "./sealing";

/*
 * What a person has typed and not sent survives leaving the page. It stays in this tab's memory, because it may name patients.
 * When the person goes, it is put aside encrypted, and is there again when the same person comes back.
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

const nameOf = (person: string) => `attest.forms.${person}`;

interface Aside {
  forms: Record<string, unknown>;
  /** The page they were on when they left the computer to somebody else; never what was searched for on it. */
  place?: string;
}
let place: string | null = null;

/** Where the person who has just come back was; told once. */
export function takePlace(): string | null {
  const told = place;
  place = null;
  return told;
}

/** Puts this person's drafts aside, to what another tab put there. Without a key they are forgotten: nobody else may read them. */
export async function putDraftsAside(person: string, at?: string): Promise<void> {
  const key = draftKey();
  const name = nameOf(person);
  const here = [...drafts];
  drafts.clear();
  if (!key || (here.length === 0 && !at)) return;
  try {
    const before = await readAside(name);
    const aside: Aside = { forms: { ...before.forms, ...Object.fromEntries(here) }, place: at ?? before.place };
    localStorage.setItem(name, await seal(await key, name, JSON.stringify(aside)));
  } catch {
    // Storage may be forbidden or full; the person was told that it lives as long as the page.
  }
}

/** Takes back what this person had put aside. */
export async function takeDraftsBack(person: string): Promise<void> {
  const name = nameOf(person);
  if (!draftKey()) return;
  try {
    const kept = await readAside(name);
    localStorage.removeItem(name);
    place = kept.place ?? null;
    for (const [key, value] of Object.entries(kept.forms)) if (!drafts.has(key)) drafts.set(key, value);
  } catch {
    // Nothing is there, or nothing that could be read.
  }
}

async function readAside(name: string): Promise<Aside> {
  const sealed = localStorage.getItem(name);
  const key = draftKey();
  const text = sealed && key ? await unseal(await key, name, sealed) : null;
  return text ? (JSON.parse(text) as Aside) : { forms: {} };
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
