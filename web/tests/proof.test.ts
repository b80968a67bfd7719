import { readFileSync } from "node:fs";
import { http, HttpResponse } from "msw";
import { beforeEach, describe, expect, it } from "vitest";
import type { AuditProof } from "@/api/types-records";
import { checkSignature, parseCheckpoint, parseLogKey } from "@/features/audit/checkpoint";
import { fromBase64, isConsistent, leafHash, rootFromPath, toHex } from "@/features/audit/merkle";
import { outcomeOf, prove, verifyProof } from "@/features/audit/proof";
import { leadsTo } from "@/features/audit/rotation";
import { server } from "./server";

/** The ledger's own vectors: what the laboratory's program makes, this one must be able to check. */
const vectors = (name: string) => JSON.parse(readFileSync(`../api/ledger/testdata/${name}.json`, "utf8")) as unknown;
interface Tree {
  size: number;
  root: string;
  inclusion_of_the_middle: { index: number; path: string[] } | null;
  consistency_from_the_middle: { from: number; path: string[] } | null;
}
const { leaves, trees } = vectors("trees") as { leaves: string[]; trees: Tree[] };
const notes = vectors("notes") as { checkpoint: string; verifier_key: string };
const entries = vectors("entries") as { entry: string; leaf_hash: string }[];
const rootOf = (size: number) => fromBase64(trees.find((tree) => tree.size === size)?.root ?? "");
const base64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));

describe("a leaf", () => {
  it("is the hash of the exact bytes, with every strange character in them", async () => {
    expect(entries.length).toBeGreaterThan(1);
    for (const { entry, leaf_hash } of entries)
      expect(toHex(await leafHash(new TextEncoder().encode(entry)))).toBe(toHex(fromBase64(leaf_hash)));
  });
});

describe("an audit path", () => {
  it("leads to the root in trees of every size, and only with the right leaf, index and size", async () => {
    let checked = 0;
    for (const { size, root, inclusion_of_the_middle: proof } of trees) {
      if (!proof) continue;
      const leaf = fromBase64(leaves[proof.index] ?? "");
      const path = proof.path.map(fromBase64);
      expect(toHex((await rootFromPath(proof.index, size, leaf, path)) ?? leaf)).toBe(toHex(fromBase64(root)));
      checked++;
      if (path.length === 0) continue;
      const wrong = [
        await rootFromPath(proof.index + 1, size, leaf, path),
        await rootFromPath(proof.index, size, fromBase64(leaves[proof.index + 1] ?? leaves[0] ?? ""), path),
        await rootFromPath(proof.index, size, leaf, path.slice(1)),
        await rootFromPath(proof.index, size, leaf, [...path, leaf]),
      ];
      for (const each of wrong) expect(each === null ? "" : toHex(each)).not.toBe(toHex(fromBase64(root)));
    }
    expect(checked).toBe(11);
  });
  it("does not exist for an entry beyond the tree", async () => {
    expect(await rootFromPath(3, 3, fromBase64(leaves[0] ?? ""), [])).toBeNull();
  });
});

describe("consistency", () => {
  it("holds between the ledger's own trees, and no longer with one bit changed", async () => {
    let checked = 0;
    for (const { size, consistency_from_the_middle: proof } of trees) {
      if (!proof) continue;
      const from = { size: proof.from, root: rootOf(proof.from) };
      const to = { size, root: rootOf(size) };
      const path = proof.path.map(fromBase64);
      expect(await isConsistent(from, to, path)).toBe(true);
      const forged = { ...from, root: from.root.map((byte, at) => (at === 7 ? byte ^ 1 : byte)) };
      expect(await isConsistent(forged, to, path)).toBe(false);
      expect(await isConsistent(from, { ...to, root: rootOf(1) }, path)).toBe(false);
      checked++;
    }
    expect(checked).toBeGreaterThan(8);
  });
});

describe("a checkpoint", () => {
  it("is signed by the log's key", async () => {
    const checkpoint = parseCheckpoint(notes.checkpoint);
    expect(checkpoint).toMatchObject({ origin: "lab.example/audit/river-water/1", size: 11 });
    expect(toHex(checkpoint.root)).toBe(toHex(rootOf(11)));
    expect(await checkSignature(checkpoint, await parseLogKey(notes.verifier_key))).toBe("valid");
  });
  it("is not, with another size in it", async () => {
    const forged = parseCheckpoint(notes.checkpoint.replace("\n11\n", "\n12\n"));
    expect(await checkSignature(forged, await parseLogKey(notes.verifier_key))).toBe("invalid");
  });
  it("is not, under a key of another name", async () => {
    await expect(parseLogKey(notes.verifier_key.replace("river", "other"))).rejects.toThrow("does not fit");
  });
});

describe("a key that was replaced", () => {
  const chain = vectors("rotations") as {
    keys: string[];
    checkpoint: string;
    rotations: { index: number; entry: string; path: string[]; checkpoint: string; consistency: string[] }[];
  };
  const newest = parseCheckpoint(chain.checkpoint);
  type Line = (typeof chain.rotations)[number];
  const told = (lines: Line[]) => {
    const proofs = lines.map(({ index, ...proof }) => ({ index, proof }));
    server.use(
      http.get("*/api/v1/audit/keys", () => HttpResponse.json({ keys: [], rotations: proofs.toReversed() })),
      http.get("*/api/v1/audit/consistency", ({ request }) => {
        const from = Number(new URL(request.url).searchParams.get("from"));
        const line = chain.rotations.find((each) => parseCheckpoint(each.checkpoint).size === from);
        return HttpResponse.json({ from, to: newest.size, path: line?.consistency ?? [] });
      }),
    );
  };
  const [first = "", second = "", third = ""] = chain.keys;
  const [one, two] = chain.rotations as [Line, Line];

  it("leads to the present one, from whichever key was known", async () => {
    told([one, two]);
    expect(await leadsTo(first, third, newest)).toBe(true);
    expect(await leadsTo(second, third, newest)).toBe(true);
  });
  it("leads nowhere else", async () => {
    told([one, two]);
    expect(await leadsTo(third, first, newest)).toBe(false);
    expect(await leadsTo("another+00000000+AAAA", third, newest)).toBe(false);
    told([two]);
    expect(await leadsTo(first, third, newest)).toBe(false);
    told([]);
    expect(await leadsTo(first, third, newest)).toBe(false);
  });
  it("must have been signed by both keys, and be in the log they signed", async () => {
    const lines = one.checkpoint.trimEnd().split("\n");
    told([{ ...one, checkpoint: `${lines.slice(0, -1).join("\n")}\n` }, two]);
    expect(await leadsTo(first, third, newest)).toBe(false);
    told([{ ...one, checkpoint: [...lines.slice(0, 4), lines[5], ""].join("\n") }, two]);
    expect(await leadsTo(first, third, newest)).toBe(false);
    told([{ ...one, path: two.path }, two]);
    expect(await leadsTo(first, third, newest)).toBe(false);
    told([one, { ...two, index: 7 }]);
    expect(await leadsTo(first, third, newest)).toBe(false);
  });
});

describe("a proof as the server hands it out", () => {
  const middle = trees.find((tree) => tree.size === 11)?.inclusion_of_the_middle ?? { index: 0, path: [] };
  // The vectors' leaves 0 and 7 have their entries beside them; a proof is made here for leaf 0 by hashing its path.
  const entry = new TextEncoder().encode(entries[0]?.entry ?? "");
  const proofOf = async (change: Partial<AuditProof> = {}): Promise<AuditProof> => {
    const hashes = leaves.map(fromBase64);
    return {
      index: 0,
      leaf_hash: leaves[0] ?? "",
      tree_size: 11,
      path: (await pathOfFirst(hashes)).map(base64),
      checkpoint: notes.checkpoint,
      entry: base64(entry),
      log_key: notes.verifier_key,
      ...change,
    };
  };
  beforeEach(() => localStorage.clear());

  it("is proven when entry, path, root and signature hold", async () => {
    expect(middle.path.length).toBeGreaterThan(0);
    const { checkpoint: _, ...found } = await verifyProof(base64(entry), await proofOf());
    expect(outcomeOf({ ...found, key: "known", history: "same" })).toBe("proven");
  });
  it("is broken when the screen shows another entry than the proven one", async () => {
    const other = new TextEncoder().encode(entries[1]?.entry ?? "");
    const { checkpoint: _, ...found } = await verifyProof(base64(other), await proofOf());
    expect(found.entry).toBe(false);
    expect(outcomeOf({ ...found, key: "known", history: "same" })).toBe("broken");
  });
  it("is broken when one byte of the path is another", async () => {
    const proof = await proofOf();
    const bent = fromBase64(proof.path[1] ?? "");
    bent[0] = (bent[0] ?? 0) ^ 1;
    const found = await verifyProof(base64(entry), { ...proof, path: proof.path.with(1, base64(bent)) });
    expect(found.inclusion).toBe(false);
  });
  it("remembers the checkpoint, and finds out when the log's past or key has changed", async () => {
    const answer = (proof: AuditProof) =>
      server.use(http.get("*/api/v1/audit/events/0/proof", () => HttpResponse.json(proof)));
    answer(await proofOf());
    const first = await prove(0, base64(entry), "lab");
    expect(first).toMatchObject({ history: "first", key: "first" });
    expect(await prove(0, base64(entry), "lab")).toMatchObject({ history: "same", key: "known" });

    // A log of the same size with another root: somebody rewrote it.
    localStorage.setItem(
      "attest.checkpoint.lab",
      JSON.stringify({
        key: notes.verifier_key,
        checkpoint: notes.checkpoint.replace(base64(rootOf(11)), base64(rootOf(10))),
      }),
    );
    expect(outcomeOf(await prove(0, base64(entry), "lab"))).toBe("broken");

    localStorage.setItem(
      "attest.checkpoint.lab",
      JSON.stringify({ key: "another+00000000+AAAA", checkpoint: notes.checkpoint }),
    );
    server.use(http.get("*/api/v1/audit/keys", () => HttpResponse.json({ keys: [], rotations: [] })));
    expect(await prove(0, base64(entry), "lab")).toMatchObject({ key: "changed" });
  });
});

/** Audit path of leaf 0, by RFC 6962's own definition. */
async function pathOfFirst(hashes: Uint8Array<ArrayBuffer>[]): Promise<Uint8Array<ArrayBuffer>[]> {
  if (hashes.length <= 1) return [];
  const k = 2 ** Math.floor(Math.log2(hashes.length - 1));
  return [...(await pathOfFirst(hashes.slice(0, k))), await rootOfLeaves(hashes.slice(k))];
}
async function rootOfLeaves(hashes: Uint8Array<ArrayBuffer>[]): Promise<Uint8Array<ArrayBuffer>> {
  const [only] = hashes;
  if (hashes.length === 1 && only) return only;
  const k = 2 ** Math.floor(Math.log2(hashes.length - 1));
  const left = await rootOfLeaves(hashes.slice(0, k));
  const right = await rootOfLeaves(hashes.slice(k));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", Uint8Array.of(1, ...left, ...right)));
}
