import { fromBase64, type Hash, same, toHex } from "./merkle";

/** A signed statement of the log's size and root (C2SP tlog-checkpoint). */
export interface Checkpoint {
  origin: string;
  size: number;
  root: Hash;
  /** The signed text, its last line break included. */
  text: string;
  signatures: { name: string; bytes: Hash }[];
}
export interface LogKey {
  name: string;
  /** First four bytes, hexadecimal: what a signature line names its key by. */
  hash: string;
  publicKey: Hash;
}

/** @throws Error when the note has not the form of a checkpoint */
export function parseCheckpoint(note: string): Checkpoint {
  const border = note.indexOf("\n\n");
  if (border < 0) throw new Error("the checkpoint has no signature");
  const text = note.slice(0, border + 1);
  const [origin, size, root] = text.split("\n");
  if (!origin || !size || !root || !/^(0|[1-9]\d*)$/.test(size) || !Number.isSafeInteger(Number(size)))
    throw new Error("this is not a checkpoint");
  const hash = fromBase64(root);
  if (hash.length !== 32) throw new Error("the checkpoint has no root");
  const signatures = note
    .slice(border + 2)
    .split("\n")
    .flatMap((line) => {
      const match = /^— (\S+) (\S+)$/.exec(line);
      return match?.[1] && match[2] ? [{ name: match[1], bytes: fromBase64(match[2]) }] : [];
    });
  return { origin, size: Number(size), root: hash, text, signatures };
}

/** Reads a verifier key: `<name>+<8 hex>+<base64(0x01 ‖ public key)>`. The hash must be that of name and key. */
export async function parseLogKey(text: string): Promise<LogKey> {
  const match = /^(.+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim());
  const [, name, hash, encoded] = match ?? [];
  if (!name || !hash || !encoded) throw new Error("this is not a log key");
  const key = fromBase64(encoded);
  if (key.length !== 33 || key[0] !== 1) throw new Error("this is not an Ed25519 log key");
  const named = new TextEncoder().encode(`${name}\n`);
  const whole = new Uint8Array(named.length + key.length);
  whole.set(named);
  whole.set(key, named.length);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
  if (toHex(digest.slice(0, 4)) !== hash) throw new Error("the log key does not fit its own name");
  return { name, hash, publicKey: key.slice(1) };
}

export type SignatureVerdict = "valid" | "invalid" | "unsupported";

/** Whether the log's key signed the checkpoint. "unsupported" when this browser has no Ed25519. */
export async function checkSignature(checkpoint: Checkpoint, key: LogKey): Promise<SignatureVerdict> {
  const own = checkpoint.signatures.find(
    (each) => each.name === key.name && toHex(each.bytes.slice(0, 4)) === key.hash,
  );
  if (checkpoint.origin !== key.name || !own || own.bytes.length !== 68) return "invalid";
  let imported: CryptoKey;
  try {
    imported = await crypto.subtle.importKey("raw", key.publicKey, { name: "Ed25519" }, false, ["verify"]);
  } catch {
    return "unsupported";
  }
  const valid = await crypto.subtle.verify(
    { name: "Ed25519" },
    imported,
    own.bytes.slice(4),
    new TextEncoder().encode(checkpoint.text),
  );
  return valid ? "valid" : "invalid";
}

export const sameCheckpoint = (a: Checkpoint, b: Checkpoint) => a.size === b.size && same(a.root, b.root);
