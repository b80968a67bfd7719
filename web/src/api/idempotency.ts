/**
 * Keys for creating POSTs and transitions. The same act tried again after a cut connection or a 5xx keeps its key,
 * so the server can recognise the twin; once a definite answer came, the next identical act is a new one.
 */
export class IdempotencyKeys {
  private readonly open = new Map<string, { key: string; at: number }>();
  private readonly lifetime: number;

  /** @param lifetime milliseconds after which an unanswered act is forgotten (a person would call it a new act) */
  constructor(lifetime = 10 * 60_000) {
    this.lifetime = lifetime;
  }

  keyFor(fingerprint: string, now = Date.now()): string {
    const known = this.open.get(fingerprint);
    if (known && now - known.at < this.lifetime) return known.key;
    const key = crypto.randomUUID();
    this.open.set(fingerprint, { key, at: now });
    return key;
  }

  settle(fingerprint: string): void {
    this.open.delete(fingerprint);
  }
}
