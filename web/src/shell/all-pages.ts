import type { AnyRouter } from "@tanstack/react-router";

/**
 * Loads the code of every page once the first one stands. A page whose code is missing when the network drops would
 * make the router reload, and what was typed would be gone.
 */
export function loadAllPages(router: AnyRouter): () => void {
  const timer = window.setTimeout(() => {
    for (const route of Object.values(router.routesById)) void router.loadRouteChunk(route)?.catch(() => undefined);
  }, 1500);
  return () => window.clearTimeout(timer);
}
