/** What stands in the address: only what was chosen. */
export function prune<S extends object>(search: S): S {
  return Object.fromEntries(
    Object.entries(search).filter(([, value]) => value !== undefined && value !== ""),
  ) as unknown as S;
}
