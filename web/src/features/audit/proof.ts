import { call } from "@/api/client";
import type { AuditProof } from "@/api/types-records";
import { type Checkpoint, checkSignature, parseCheckpoint, parseLogKey, type SignatureVerdict } from "./checkpoint";
import { fromBase64, isConsistent, leafHash, rootFromPath, same, toHex } from "./merkle";
import { leadsTo } from "./rotation";

/** What was found about one entry, step by step. Nothing here is taken from the server but the material itself. */
export interface Verdict {
  /** The entry on the screen is the one that was proven, byte for byte. */
  entry: boolean;
  /** Entry, path and size lead to the checkpoint's root. */
  inclusion: boolean;
  signature: SignatureVerdict;
  /** Against what this browser saw before: the log only grew, and its key stayed. */
  history: "first" | "grown" | "same" | "rewritten" | "not_checked";
  key: "first" | "known" | "replaced" | "changed";
  size: number;
  leaf: string;
  root: string;
  keyName: string;
  keyHash: string;
}
export type Outcome = "proven" | "signature_unchecked" | "broken";

export function outcomeOf(verdict: Verdict): Outcome {
  if (
    !verdict.entry ||
    !verdict.inclusion ||
    verdict.signature === "invalid" ||
    verdict.history === "rewritten" ||
    verdict.key === "changed"
  )
    return "broken";
  return verdict.signature === "unsupported" ? "signature_unchecked" : "proven";
}

/** Checks a proof against the entry that the screen shows. */
export async function verifyProof(
  shownEntry: string,
  proof: AuditProof,
): Promise<Omit<Verdict, "history" | "key"> & { checkpoint: Checkpoint }> {
  const entry = fromBase64(proof.entry);
  const leaf = await leafHash(entry);
  const checkpoint = parseCheckpoint(proof.checkpoint);
  const key = await parseLogKey(proof.log_key);
  const root = await rootFromPath(proof.index, checkpoint.size, leaf, proof.path.map(fromBase64));
  return {
    entry: same(entry, fromBase64(shownEntry)) && toHex(leaf) === toHex(fromBase64(proof.leaf_hash)),
    inclusion: proof.tree_size === checkpoint.size && root !== null && same(root, checkpoint.root),
    signature: await checkSignature(checkpoint, key),
    size: checkpoint.size,
    leaf: toHex(leaf),
    root: toHex(checkpoint.root),
    keyName: key.name,
    keyHash: key.hash,
    checkpoint,
  };
}

/** What this browser remembers of a laboratory's log: public figures, no content. */
interface Held {
  key: string;
  checkpoint: string;
}

function held(laboratoryId: string): Held | null {
  try {
    const raw: unknown = JSON.parse(localStorage.getItem(`attest.checkpoint.${laboratoryId}`) ?? "null");
    return typeof raw === "object" && raw !== null && "key" in raw && "checkpoint" in raw ? (raw as Held) : null;
  } catch {
    return null;
  }
}

/**
 * Proves one entry, and that the log did not lose or change anything since this browser last looked: the checkpoint seen
 * before must be the beginning of the one seen now.
 */
export async function prove(index: number, shownEntry: string, laboratoryId: string): Promise<Verdict> {
  const proof = await call("GET /audit/events/{index}/proof", { path: { index } });
  const { checkpoint, ...found } = await verifyProof(shownEntry, proof);
  const before = held(laboratoryId);
  const key: Verdict["key"] =
    before === null
      ? "first"
      : before.key === proof.log_key
        ? "known"
        : (await leadsTo(before.key, proof.log_key, checkpoint))
          ? "replaced"
          : "changed";
  const history =
    before === null || key === "changed" ? "first" : await compare(parseCheckpoint(before.checkpoint), checkpoint);
  if (
    found.signature === "valid" &&
    found.inclusion &&
    key !== "changed" &&
    (history === "first" || history === "grown")
  ) {
    try {
      localStorage.setItem(
        `attest.checkpoint.${laboratoryId}`,
        JSON.stringify({ key: proof.log_key, checkpoint: proof.checkpoint } satisfies Held),
      );
    } catch {
      // Without storage each visit is the first; the screen says what was compared.
    }
  }
  return { ...found, key, history };
}

async function compare(before: Checkpoint, now: Checkpoint): Promise<Verdict["history"]> {
  const [older, newer] = before.size <= now.size ? [before, now] : [now, before];
  if (older.size === newer.size) return same(older.root, newer.root) ? "same" : "rewritten";
  if (older.size === 0) return "grown";
  try {
    const { path } = await call("GET /audit/consistency", { query: { from: older.size, to: newer.size } });
    return (await isConsistent(older, newer, path.map(fromBase64))) ? "grown" : "rewritten";
  } catch {
    return "not_checked";
  }
}
