import { call } from "@/api/client";
import type { SignOnOffer } from "@/api/types-access";

/*
 * Single sign-on, as far as the sign-in page needs it at once: what is offered where, and what an address brings back.
 */

/** Which laboratory this browser signs in to: its short name, and nothing of its content. */
const LABORATORY = "attest.laboratory";
/** This tab left for the identity provider, and has not been told that somebody arrived. */
export const LEFT = "attest.left-to-sign-on";

export function rememberedLaboratory(): string | undefined {
  try {
    return localStorage.getItem(LABORATORY) ?? undefined;
  } catch {
    return undefined;
  }
}

export function rememberLaboratory(slug: string): void {
  try {
    localStorage.setItem(LABORATORY, slug);
  } catch {
    // The address that names the laboratory works all the same.
  }
}

/** What the sign-in page offers: of the laboratory that the address names, else the one used last, else the only one. */
export async function signOnOffered(named: string | undefined): Promise<SignOnOffer> {
  const laboratory = named ?? rememberedLaboratory();
  const offer = await call("GET /auth/sign-on", { query: { laboratory } });
  if (offer.offered && offer.laboratory && named) rememberLaboratory(offer.laboratory);
  return offer;
}

/** Whether the person who is here now came from the identity provider a moment ago; true once. */
export function cameFromProvider(): boolean {
  const left = sessionStorage.getItem(LEFT) !== null;
  sessionStorage.removeItem(LEFT);
  return left;
}

/** The second step after the identity provider: what stands behind the # of the address, which is then gone from it. */
export function secondOfAddress(): { ticket: string; methods: string[] } | null {
  const said = new URLSearchParams(window.location.hash.slice(1));
  const ticket = said.get("second");
  if (!ticket) return null;
  window.history.replaceState(window.history.state, "", window.location.pathname + window.location.search);
  return { ticket, methods: (said.get("methods") ?? "").split(",") };
}
