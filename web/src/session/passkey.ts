import type { WebAuthnJson } from "@/api/types-access";

/** The person closed the browser's question, or no passkey of theirs was at hand. */
export class PasskeyRefused extends Error {
  constructor(cause: unknown) {
    super("passkey", { cause });
    this.name = "PasskeyRefused";
  }
}

/** An address of numbers, to which no passkey can be bound (WebAuthn, "effective domain"). */
const numbers = /^(?:[\d.]+|\[[\da-f:.]+\])$/i;

/** Passkeys need a secure page (TLS or this computer) at an address that is a name, and a browser that knows them. */
export const passkeysWork = (): boolean =>
  window.isSecureContext && !numbers.test(window.location.hostname) && typeof PublicKeyCredential !== "undefined";

/** Makes a passkey for this person; the answer goes to the server as it is. */
export async function createPasskey(options: WebAuthnJson): Promise<WebAuthnJson> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    options as unknown as PublicKeyCredentialCreationOptionsJSON,
  );
  return ask(() => navigator.credentials.create({ publicKey }));
}

/** Proves that the person holds a passkey. */
export async function showPasskey(options: WebAuthnJson): Promise<WebAuthnJson> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    options as unknown as PublicKeyCredentialRequestOptionsJSON,
  );
  return ask(() => navigator.credentials.get({ publicKey }));
}

async function ask(question: () => Promise<Credential | null>): Promise<WebAuthnJson> {
  let credential: Credential | null;
  try {
    credential = await question();
  } catch (cause) {
    // Every reason (closed, timed out, none here) means the same for the person: it did not work, try again.
    throw new PasskeyRefused(cause);
  }
  if (!(credential instanceof PublicKeyCredential)) throw new PasskeyRefused(null);
  return credential.toJSON() as unknown as WebAuthnJson;
}
