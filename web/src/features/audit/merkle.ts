/*
 * RFC 6962 trees, checked in the browser with WebCrypto, so that "proven" on the screen is this computer's finding and not
 * the server's word. Written from RFC 9162, 2.1.3.2 and 2.1.4.2; vectors of the ledger are its tests.
 */

export type Hash = Uint8Array<ArrayBuffer>;

export function fromBase64(text: string): Hash {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

export function toHex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

async function sha256(...parts: Uint8Array[]): Promise<Hash> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
}

/** The hash of an entry's exact bytes. */
export const leafHash = (entry: Uint8Array): Promise<Hash> => sha256(Uint8Array.of(0), entry);
const nodeHash = (left: Uint8Array, right: Uint8Array): Promise<Hash> => sha256(Uint8Array.of(1), left, right);

/** The root that an entry at `index` and its audit path lead to; null when path and size do not fit together. */
export async function rootFromPath(
  index: number,
  size: number,
  leaf: Hash,
  path: readonly Hash[],
): Promise<Hash | null> {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return null;
  let node = index;
  let last = size - 1;
  let root = leaf;
  for (const sibling of path) {
    if (last === 0) return null;
    if (node % 2 === 1 || node === last) {
      root = await nodeHash(sibling, root);
      while (node % 2 === 0 && node !== 0) {
        node = Math.floor(node / 2);
        last = Math.floor(last / 2);
      }
    } else root = await nodeHash(root, sibling);
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? root : null;
}

/** Whether the tree of `to` leaves begins with the tree of `from` leaves: nothing before was changed, removed or moved. */
export async function isConsistent(
  from: { size: number; root: Hash },
  to: { size: number; root: Hash },
  path: readonly Hash[],
): Promise<boolean> {
  if (from.size > to.size) return false;
  if (from.size === to.size) return path.length === 0 && same(from.root, to.root);
  if (from.size === 0) return path.length === 0;
  let node = from.size - 1;
  let last = to.size - 1;
  while (node % 2 === 1) {
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  const hashes = [...path];
  // A whole subtree of 2^k leaves is its own first hash.
  const first = Number.isInteger(Math.log2(from.size)) ? from.root : hashes.shift();
  if (!first) return false;
  let older = first;
  let newer = first;
  for (const hash of hashes) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      older = await nodeHash(hash, older);
      newer = await nodeHash(hash, newer);
      while (node % 2 === 0 && node !== 0) {
        node = Math.floor(node / 2);
        last = Math.floor(last / 2);
      }
    } else newer = await nodeHash(newer, hash);
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && same(older, from.root) && same(newer, to.root);
}
