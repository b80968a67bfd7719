/*
 * What was typed and not sent is written down encrypted, because the next person at this computer uses the same browser. The key
 * comes from the server with the signed-in person, is held in memory only, and goes with them.
 */
let current: { owner: string; key: Promise<CryptoKey> } | null = null;

/** Takes the key of this person; without one the key that is there stays, if it is theirs (the screen may be locked). */
export function takeKey(owner: string, key: string | null | undefined): void {
  if (current?.owner === owner) return;
  // Without TLS a browser encrypts nothing.
  current = key && "subtle" in crypto ? { owner, key: imported(key) } : null;
}
export function dropKey(): void {
  current = null;
}
/** The key of whoever is signed in; null where there is none: then nothing may be written down. */
export const draftKey = (): Promise<CryptoKey> | null => current?.key ?? null;

function imported(key: string): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", fromBase64(key.replaceAll("-", "+").replaceAll("_", "/")), "AES-GCM", false, [
    "encrypt",
    "decrypt",
  ]);
}

/** Encrypts `text` for the place where it will be kept: it opens nowhere else. */
export async function seal(key: CryptoKey, place: string, text: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt(algorithm(iv, place), key, new TextEncoder().encode(text));
  return `${toBase64(iv)}.${toBase64(new Uint8Array(sealed))}`;
}

/** What was sealed, or null when it is not this person's or not from this place. */
export async function unseal(key: CryptoKey, place: string, sealed: string): Promise<string | null> {
  const [iv, body] = sealed.split(".");
  if (!iv || !body) return null;
  try {
    return new TextDecoder().decode(
      await crypto.subtle.decrypt(algorithm(fromBase64(iv), place), key, fromBase64(body)),
    );
  } catch {
    return null;
  }
}

const algorithm = (iv: Uint8Array<ArrayBuffer>, place: string) => ({
  name: "AES-GCM",
  iv,
  additionalData: new TextEncoder().encode(place),
});

function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
