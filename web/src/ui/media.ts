import { useSyncExternalStore } from "react";

/** Whether a media query holds now, and again when it changes. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (tell) => {
      const list = matchMedia(query);
      list.addEventListener("change", tell);
      return () => list.removeEventListener("change", tell);
    },
    () => matchMedia(query).matches,
  );
}

/** Narrow: a phone, or a window beside another one. Tables turn into stacked rows there. */
export function useNarrow(): boolean {
  return useMedia("(max-width: 47.99rem)");
}
