/** Of what is on the form, only what differs from the record: a merge patch that touches nothing else. */
export function differing<T extends object>(next: T, now: T | undefined): Partial<T> {
  if (!now) return next;
  return Object.fromEntries(
    Object.entries(next).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(now[key as keyof T])),
  ) as Partial<T>;
}

export const textOrNull = (text: string): string | null => text.trim() || null;
/** A decimal as people here type it, with a comma or a point. */
export const decimalOrNull = (text: string): string | null => text.trim().replace(",", ".") || null;
export const isDecimal = (text: string): boolean => /^[-+]?\d+(?:[.,]\d+)?$/.test(text.trim());
export const wholeOrNull = (text: string): number | null => (/^\d+$/.test(text.trim()) ? Number(text) : null);
