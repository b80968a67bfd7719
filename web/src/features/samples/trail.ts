/**
 * The list a person came from, so that a sample page can offer the previous and the next of it. Kept in memory only:
 * it names nothing but ids that were on screen.
 */
let trail: readonly string[] = [];

export function rememberTrail(ids: readonly string[]): void {
  trail = ids;
}

export function neighbours(id: string): { previous?: string; next?: string; position: number; length: number } {
  const position = trail.indexOf(id);
  if (position < 0) return { position, length: 0 };
  return { previous: trail[position - 1], next: trail[position + 1], position, length: trail.length };
}
