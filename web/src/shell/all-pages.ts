import type { AnyRouter } from "@tanstack/react-router";
import { loadWords } from "@/i18n";
import { loadAllParts } from "@/ui/part";

/**
 * Loads the code of every page and dialog once the first one stands. A page whose code is missing when the network drops would
 * make the router reload, and what was typed would be gone.
 */
export function loadAllPages(router: AnyRouter): () => void {
  const timer = window.setTimeout(() => {
    void loadWords("whole").catch(() => undefined);
    loadAllParts();
    for (const route of Object.values(router.routesById)) void router.loadRouteChunk(route)?.catch(() => undefined);
  }, 1500);
  return () => window.clearTimeout(timer);
}
