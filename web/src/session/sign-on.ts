import { call } from "@/api/client";
import type { AgainFor, SignOnOffer } from "@/api/types-access";

/*
 * Single sign-on: the identity provider's pages stand between leaving and coming back. To sign in the window itself goes there.
 * To confirm who one is another window does, so that nothing that was typed is lost, and tells this one how it went.
 */

/** Which laboratory this browser signs in to: its short name, and nothing of its content. */
const LABORATORY = "attest.laboratory";
/** This tab left for the identity provider, and has not been told that somebody arrived. */
const LEFT = "attest.left-to-sign-on";
/** The word that the other window says; refused, when it is not `done`. */
const channel = () => new BroadcastChannel("attest.sign-on");

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

/** Goes to the identity provider; the page is left. */
export async function signOnAt(laboratory: string, next: string): Promise<void> {
  const { authorization_url } = await call("POST /auth/sign-on", { body: { laboratory, return_to: next } });
  rememberLaboratory(laboratory);
  sessionStorage.setItem(LEFT, "1");
  window.location.assign(authorization_url);
}

/** Whether the person who is here now came from the identity provider a moment ago; true once. */
export function cameFromProvider(): boolean {
  const left = sessionStorage.getItem(LEFT) !== null;
  sessionStorage.removeItem(LEFT);
  return left;
}

/** The identity provider did not confirm it; `reason` is the server's word. */
export class SignOnRefused extends Error {
  readonly reason: string;
  constructor(reason: string) {
    super("sign-on");
    this.name = "SignOnRefused";
    this.reason = reason;
  }
}

/** Has the person confirm at the identity provider, in a window of its own, that it is them. Throws SignOnRefused. */
export async function confirmAtProvider(purpose: AgainFor, signal: AbortSignal): Promise<void> {
  // Opened at once: browsers let only a click open windows.
  const other = window.open("about:blank", "attest-sign-on", "popup,width=520,height=720");
  if (!other) throw new SignOnRefused("window");
  const word = heard(signal);
  try {
    const { authorization_url } = await call("POST /auth/sign-on/reauthenticate", { body: { purpose } });
    other.location.replace(authorization_url);
  } catch (failure) {
    other.close();
    throw failure;
  }
  const said = await word;
  if (said !== "done") throw new SignOnRefused(said);
}

function heard(signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const listening = channel();
    const done = (said: string) => {
      listening.close();
      resolve(said);
    };
    listening.addEventListener("message", (event: MessageEvent<string>) => done(event.data));
    signal.addEventListener("abort", () => done("cancelled"), { once: true });
  });
}

/** The other window tells how it went. */
export function tellWindow(refused: string | undefined): void {
  const speaking = channel();
  // A channel reaches this origin only.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  speaking.postMessage(refused ?? "done");
  speaking.close();
}

/** The second step after the identity provider: what stands behind the # of the address, which is then gone from it. */
export function secondOfAddress(): { ticket: string; methods: string[] } | null {
  const said = new URLSearchParams(window.location.hash.slice(1));
  const ticket = said.get("second");
  if (!ticket) return null;
  window.history.replaceState(window.history.state, "", window.location.pathname + window.location.search);
  return { ticket, methods: (said.get("methods") ?? "").split(",") };
}
