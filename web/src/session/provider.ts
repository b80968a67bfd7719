import { call } from "@/api/client";
import type { AgainFor } from "@/api/types-access";
import { LEFT, rememberLaboratory } from "./sign-on";

/*
 * The way to the identity provider. To sign in the window itself goes there. To confirm who one is another window does, so that
 * nothing that was typed is lost, and tells this one how it went.
 */

/** The word that the other window says; refused, when it is not `done`. */
const channel = () => new BroadcastChannel("attest.sign-on");

/** Goes to the identity provider; the page is left. */
export async function signOnAt(laboratory: string, next: string): Promise<void> {
  const { authorization_url } = await call("POST /auth/sign-on", { body: { laboratory, return_to: next } });
  rememberLaboratory(laboratory);
  sessionStorage.setItem(LEFT, "1");
  window.location.assign(authorization_url);
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
