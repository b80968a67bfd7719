import { type ComponentType, lazy, type LazyExoticComponent } from "react";

const loaders = new Set<() => Promise<unknown>>();

/**
 * A component whose code comes when it is first shown, so that the first page does not wait for it. All of them are
 * fetched once that page stands: a dialog must open also after the network dropped.
 */
export function part<P>(load: () => Promise<ComponentType<P>>): LazyExoticComponent<ComponentType<P>> & {
  load: () => Promise<unknown>;
} {
  const once = () => load().then((component) => ({ default: component }));
  loaders.add(once);
  return Object.assign(lazy(once), { load: once });
}

export function loadAllParts(): void {
  for (const load of loaders) load().catch(() => undefined);
}
