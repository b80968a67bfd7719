import { useSyncExternalStore } from "react";
import { draftKey, seal, unseal } from "@/session/sealing";
import { onForget } from "@/session/who";

/** What was typed for one result and has not been accepted by the server. */
export interface ResultDraft {
  value?: string;
  dilution_factor?: string;
  remark?: string;
  /** The version the person was looking at when they began to type. */
  version: number;
  /** What the server said about it last time. */
  error?: { slug: string; message: string };
}
export type DraftField = "value" | "dilution_factor" | "remark";
/** Values on their way: sent once, with one key, until an answer came. */
export interface Batch {
  key: string;
  /** Milliseconds since the epoch. */
  at: number;
  items: BatchItem[];
}
export interface BatchItem {
  result_id: string;
  version: number;
  value: string;
  dilution_factor?: string;
  remark?: string;
  reason?: string;
  reason_code?: string;
}
interface Kept {
  drafts: Record<string, ResultDraft>;
  outbox: Batch[];
}

type Storage = Pick<globalThis.Storage, "getItem" | "setItem" | "removeItem">;
const nothing: Kept = { drafts: {}, outbox: [] };

/**
 * Drafts of one person in one laboratory. Kept in this browser, so that a reload, a closed lid or a dead network loses nothing;
 * what was accepted is removed. They are encrypted with the person's key, which the server tells nobody else. Other tabs of the
 * same person follow.
 */
export class DraftStore {
  private kept: Kept = nothing;
  private readonly listeners = new Set<() => void>();
  private writing: Promise<void>;
  readonly name: string;
  /** What was kept is there. */
  readonly ready: Promise<void>;
  private readonly key: Promise<CryptoKey> | null;
  private readonly storage: Storage;
  /** False when the browser refuses to store: then the drafts live as long as the page, and the screen says so. */
  durable: boolean;
  /** What the server accepted last, for the line that says so. */
  lastSaved: { count: number; at: string } | null = null;

  constructor(laboratoryId: string, personId: string, key: Promise<CryptoKey> | null, storage: Storage = localStorage) {
    this.name = `attest.results.${laboratoryId}.${personId}`;
    this.storage = storage;
    this.key = key;
    this.durable = key !== null;
    this.ready = this.load();
    this.writing = this.ready;
    globalThis.addEventListener?.("storage", this.follow);
  }

  /** Everything typed so far is written down. */
  get settled(): Promise<void> {
    return this.writing;
  }
  /** Nobody looks any more: the person went. */
  close(): void {
    globalThis.removeEventListener?.("storage", this.follow);
  }

  get drafts(): Readonly<Record<string, ResultDraft>> {
    return this.kept.drafts;
  }
  get outbox(): readonly Batch[] {
    return this.kept.outbox;
  }
  /** Ids of results in a batch that has not been answered yet. */
  get travelling(): ReadonlySet<string> {
    return new Set(this.kept.outbox.flatMap((batch) => batch.items.map((item) => item.result_id)));
  }

  /** Sets one field of several drafts; undefined takes the field back. A draft without fields is gone. */
  set(changes: readonly { resultId: string; field: DraftField; text: string | undefined; version: number }[]): void {
    const drafts = { ...this.kept.drafts };
    for (const { resultId, field, text, version } of changes) {
      const { error: _, ...before } = drafts[resultId] ?? { version };
      const next: ResultDraft = { ...before, [field]: text };
      if (text === undefined) delete next[field];
      if (next.value === undefined && next.dilution_factor === undefined && next.remark === undefined)
        delete drafts[resultId];
      else drafts[resultId] = next;
    }
    this.write({ ...this.kept, drafts });
  }

  /** The person has seen the newer version and keeps what they typed. */
  adopt(resultId: string, version: number): void {
    const draft = this.kept.drafts[resultId];
    if (!draft) return;
    const { error: _, ...rest } = draft;
    this.write({ ...this.kept, drafts: { ...this.kept.drafts, [resultId]: { ...rest, version } } });
  }

  discard(resultIds: Iterable<string>): void {
    const drafts = { ...this.kept.drafts };
    for (const id of resultIds) delete drafts[id];
    this.write({ ...this.kept, drafts });
  }

  discardAll(): void {
    this.write(nothing);
  }

  send(batch: Batch): void {
    this.write({ ...this.kept, outbox: [...this.kept.outbox, batch] });
  }

  /** An answer came for a batch: what was accepted is no longer a draft, what was refused says why. */
  answered(key: string, outcome: ReadonlyMap<string, { slug: string; message: string } | "accepted">): void {
    const drafts = { ...this.kept.drafts };
    for (const [id, verdict] of outcome) {
      const draft = drafts[id];
      if (verdict === "accepted") delete drafts[id];
      else if (draft) drafts[id] = { ...draft, error: verdict };
    }
    const accepted = [...outcome.values()].filter((verdict) => verdict === "accepted").length;
    if (accepted > 0) this.lastSaved = { count: accepted, at: new Date().toISOString() };
    this.write({ drafts, outbox: this.kept.outbox.filter((batch) => batch.key !== key) });
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  snapshot = (): Kept => this.kept;

  /** What was typed before the old came is newer than it. */
  private async load(): Promise<void> {
    const old = await this.read();
    this.kept = {
      drafts: { ...old.drafts, ...this.kept.drafts },
      outbox: [...old.outbox, ...this.kept.outbox],
    };
    this.tell();
  }

  private readonly follow = (event: StorageEvent): void => {
    if (event.key !== this.name) return;
    void this.follows();
  };

  private async follows(): Promise<void> {
    this.kept = await this.read();
    this.tell();
  }

  private async read(): Promise<Kept> {
    try {
      const sealed = this.storage.getItem(this.name);
      if (!sealed || !this.key) return nothing;
      const raw: unknown = JSON.parse((await unseal(await this.key, this.name, sealed)) ?? "null");
      if (typeof raw === "object" && raw !== null && "drafts" in raw && "outbox" in raw) return raw as Kept;
    } catch {
      this.durable = false;
    }
    return nothing;
  }

  private write(next: Kept): void {
    this.kept = next;
    this.writing = this.writing.then(() => this.keep());
    this.tell();
  }

  private async keep(): Promise<void> {
    const { drafts, outbox } = this.kept;
    const before = this.durable;
    try {
      if (Object.keys(drafts).length === 0 && outbox.length === 0) this.storage.removeItem(this.name);
      else if (this.key)
        this.storage.setItem(this.name, await seal(await this.key, this.name, JSON.stringify({ drafts, outbox })));
      this.durable = this.key !== null;
    } catch {
      this.durable = false;
    }
    if (before !== this.durable) this.tell(true);
  }

  /** `anew` also where only the way of keeping changed. */
  private tell(anew = false): void {
    if (anew) this.kept = { ...this.kept };
    for (const listener of this.listeners) listener();
  }
}

const stores = new Map<string, DraftStore>();
onForget(() => {
  for (const store of stores.values()) store.close();
  stores.clear();
});

/** The drafts of the signed-in person; the same store for every screen. */
export function draftStoreOf(laboratoryId: string, personId: string): DraftStore {
  const name = `${laboratoryId}/${personId}`;
  const store = stores.get(name) ?? new DraftStore(laboratoryId, personId, draftKey());
  stores.set(name, store);
  return store;
}

export function useDrafts(store: DraftStore): Kept {
  return useSyncExternalStore(store.subscribe, store.snapshot);
}
