import { call } from "@/api/client";
import type { KeyRotation } from "@/api/types-access";
import { type Checkpoint, checkSignature, parseCheckpoint, parseLogKey } from "./checkpoint";
import { fromBase64, isConsistent, leafHash, rootFromPath, same } from "./merkle";

/**
 * Whether the log itself leads from one of its keys to another: each step an event of the log, in a tree that both keys signed, and that
 * tree the beginning of the newest one. What the server says about it counts for nothing.
 */
export async function leadsTo(known: string, present: string, newest: Checkpoint): Promise<boolean> {
  const { rotations } = await call("GET /audit/keys", {});
  let trusted = known;
  for (const rotation of rotations.toReversed()) {
    const step = replaced(rotation);
    if (step?.from !== trusted) continue;
    if (!(await holds(rotation, step, newest))) return false;
    trusted = step.to;
  }
  return trusted === present;
}

/** What the event itself says, from its exact bytes. */
function replaced({ proof }: KeyRotation): { from: string; to: string; log: string } | null {
  if (!proof) return null;
  const entry = JSON.parse(new TextDecoder().decode(fromBase64(proof.entry))) as {
    action: string;
    log: string;
    object: { type: string; id: string };
    changes: { path: string; from?: unknown; to?: unknown }[];
  };
  const change = entry.changes.find((each) => each.path === "verifier_key");
  const named =
    entry.action === "ledger.key_rotated" && entry.object.type === "ledger" && entry.object.id === entry.log;
  if (!named || typeof change?.from !== "string" || typeof change.to !== "string") return null;
  return { from: change.from, to: change.to, log: entry.log };
}

async function holds(
  { index, proof }: KeyRotation,
  step: { from: string; to: string; log: string },
  newest: Checkpoint,
): Promise<boolean> {
  if (!proof) return false;
  const covering = parseCheckpoint(proof.checkpoint);
  if (step.log !== newest.origin || covering.origin !== newest.origin || covering.size > newest.size) return false;
  for (const key of [step.from, step.to])
    if ((await checkSignature(covering, await parseLogKey(key))) !== "valid") return false;
  const leaf = await leafHash(fromBase64(proof.entry));
  const root = await rootFromPath(index, covering.size, leaf, proof.path.map(fromBase64));
  if (!root || !same(root, covering.root)) return false;
  if (covering.size === newest.size) return same(covering.root, newest.root);
  const { path } = await call("GET /audit/consistency", { query: { from: covering.size, to: newest.size } });
  return isConsistent(covering, newest, path.map(fromBase64));
}
