import { useSyncExternalStore } from "react";
import type { Language } from "@/api/types";

/** What this browser remembers about how its person likes the screens. Nothing of the laboratory is stored here. */
export interface Preferences {
  language: Language;
  theme: "system" | "light" | "dark";
  density: "compact" | "regular" | "roomy";
  /** Single-letter shortcuts can be switched off (WCAG 2.1.4). */
  letterKeys: boolean;
  /** A scan answers with a tone. */
  scanSound: boolean;
  /** Until somebody chooses, the window's width decides. */
  sidebar: "auto" | "wide" | "narrow";
}

const KEY = "attest.preferences";
const listeners = new Set<() => void>();
let current: Preferences = { ...defaults(), ...stored() };

export function preferences(): Preferences {
  return current;
}

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // Storage may be forbidden by the browser; the choice then lives as long as the page.
  }
  applyPreferences();
  for (const tell of listeners) tell();
}

/** Theme and density are attributes of the root element; the tokens in styles.css answer to them. */
export function applyPreferences(): void {
  const root = document.documentElement;
  root.dataset.theme = current.theme;
  root.dataset.density = current.density;
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => current,
  );
}

function defaults(): Preferences {
  return {
    language: navigator.language.toLowerCase().startsWith("pl") ? "pl" : "en",
    theme: "system",
    density: "regular",
    letterKeys: true,
    scanSound: true,
    sidebar: "auto",
  };
}

function stored(): Partial<Preferences> {
  try {
    const raw: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return typeof raw === "object" && raw !== null ? raw : {};
  } catch {
    return {};
  }
}
