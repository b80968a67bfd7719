import { everyDraft } from "./draft";
import { draftKey, seal, unseal } from "./sealing";
import { onTabs } from "./tabs";

export { forgetDrafts } from "./draft";
export { dropKey, takeKey } from "./sealing";
export { tellTabs } from "./tabs";

/*
 * What is done for a person who comes or goes: forms that were filled in and not sent wait for them encrypted, and the other tabs
 * of the browser follow. Comes with the first person, so that the screens before sign-in do without.
 */

/** Another tab left its session, or somebody arrived in it: what this one shows is no longer theirs to see. */
export function followTabs(person: () => string | null): void {
  onTabs((kind) => {
    const name = person();
    if ((kind !== "left" && kind !== "arrived") || !name) return;
    void putDraftsAside(name).finally(() => window.location.replace("/"));
  });
}

const nameOf = (person: string) => `attest.forms.${person}`;

interface Aside {
  forms: Record<string, unknown>;
  /** The page they were on when they left the computer to somebody else; never what was searched for on it. */
  place?: string;
}
let place: string | null = null;

/** Where the person who has just come back was; told once. */
export function takePlace(): string | null {
  const told = place;
  place = null;
  return told;
}

/** Puts this person's drafts aside, to what another tab put there. Without a key they are forgotten: nobody else may read them. */
export async function putDraftsAside(person: string, at?: string): Promise<void> {
  const key = draftKey();
  const name = nameOf(person);
  const drafts = everyDraft();
  const here = [...drafts];
  drafts.clear();
  if (!key || (here.length === 0 && !at)) return;
  try {
    const before = await readAside(name);
    const aside: Aside = { forms: { ...before.forms, ...Object.fromEntries(here) }, place: at ?? before.place };
    localStorage.setItem(name, await seal(await key, name, JSON.stringify(aside)));
  } catch {
    // Storage may be forbidden or full; the person was told that it lives as long as the page.
  }
}

/** Takes back what this person had put aside. */
export async function takeDraftsBack(person: string): Promise<void> {
  const name = nameOf(person);
  if (!draftKey()) return;
  try {
    const kept = await readAside(name);
    localStorage.removeItem(name);
    place = kept.place ?? null;
    const drafts = everyDraft();
    for (const [key, value] of Object.entries(kept.forms)) if (!drafts.has(key)) drafts.set(key, value);
  } catch {
    // Nothing is there, or nothing that could be read.
  }
}

async function readAside(name: string): Promise<Aside> {
  const sealed = localStorage.getItem(name);
  const key = draftKey();
  const text = sealed && key ? await unseal(await key, name, sealed) : null;
  return text ? (JSON.parse(text) as Aside) : { forms: {} };
}
