/*
 * Where people were when they left this computer to somebody else, in this tab's memory: the page alone, never what was searched
 * for on it.
 */
const places = new Map<string, string>();

export function rememberPlace(session: string, pathname: string): void {
  places.set(session, pathname);
}
/** Where this session goes on. */
export function placeOf(session: string): string {
  const place = places.get(session) ?? "/";
  places.delete(session);
  return place;
}

/** Two letters that stand for a name. */
export const initialsOf = (name: string): string =>
  name
    .split(/\s+/)
    .map((part) => part[0] ?? "")
    .slice(0, 2)
    .join("")
    .toUpperCase();
