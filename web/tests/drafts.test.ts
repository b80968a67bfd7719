import { http, HttpResponse } from "msw";
import { beforeEach, describe, expect, it } from "vitest";
import { DraftStore } from "@/features/results/drafts";
import { sendOutbox } from "@/features/results/outbox";
import { server } from "./server";

const item = (id: string) => ({ result_id: id, version: 1, value: "0.012" });
const typed = (resultId: string, text: string | undefined) => ({ resultId, field: "value" as const, text, version: 1 });
const url = "*/api/v1/results/enter";

const keyOf = (seed: number) =>
  crypto.subtle.importKey("raw", new Uint8Array(32).fill(seed), "AES-GCM", false, ["encrypt", "decrypt"]);
const hers = keyOf(1);

beforeEach(() => localStorage.clear());

describe("drafts", () => {
  it("are there again after a reload, for the same person only", async () => {
    const store = new DraftStore("lab", "anna", hers);
    store.set([typed("r1", "0.012")]);
    await store.settled;
    const again = async (lab: string, person: string, key: Promise<CryptoKey>) => {
      const opened = new DraftStore(lab, person, key);
      await opened.ready;
      return opened.drafts;
    };
    expect((await again("lab", "anna", hers)).r1).toEqual({ value: "0.012", version: 1 });
    expect(await again("lab", "piotr", keyOf(2))).toEqual({});
    expect(await again("other", "anna", hers)).toEqual({});
  });
  it("can be read by nobody else at the same computer", async () => {
    const store = new DraftStore("lab", "anna", hers);
    store.set([typed("r1", "0.012"), typed("r2", "Nowak")]);
    await store.settled;
    const kept = localStorage.getItem(store.name) ?? "";
    expect(kept).not.toBe("");
    expect(kept).not.toMatch(/0\.012|Nowak|r1/);
    const another = new DraftStore("lab", "anna", keyOf(2));
    await another.ready;
    expect(another.drafts).toEqual({});
    // Moved to another place it opens for nobody.
    localStorage.setItem("attest.results.lab.piotr", kept);
    const moved = new DraftStore("lab", "piotr", hers);
    await moved.ready;
    expect(moved.drafts).toEqual({});
  });
  it("are not written down at all without a key", async () => {
    const store = new DraftStore("lab", "anna", null);
    store.set([typed("r1", "0.012")]);
    await store.settled;
    expect(localStorage.length).toBe(0);
    expect(store.durable).toBe(false);
  });
  it("typed before the old ones came are kept beside them", async () => {
    const store = new DraftStore("lab", "anna", hers);
    store.set([typed("r1", "0.012")]);
    await store.settled;
    const again = new DraftStore("lab", "anna", hers);
    again.set([typed("r2", "7")]);
    await again.settled;
    expect(Object.keys(again.drafts).toSorted()).toEqual(["r1", "r2"]);
  });
  it("leave nothing behind once they are taken back", async () => {
    const store = new DraftStore("lab", "anna", hers);
    store.set([typed("r1", "0.012")]);
    store.set([typed("r1", undefined)]);
    await store.settled;
    expect(localStorage.length).toBe(0);
  });
  it("say so when the browser refuses to keep them", async () => {
    const full = {
      getItem: () => null,
      removeItem: () => undefined,
      setItem: () => {
        throw new DOMException("full", "QuotaExceededError");
      },
    };
    const store = new DraftStore("lab", "anna", hers, full);
    store.set([typed("r1", "0.012")]);
    await store.settled;
    expect(store.durable).toBe(false);
    expect(store.drafts.r1?.value).toBe("0.012");
  });
});

describe("the outbox", () => {
  it("keeps values over a dead network and sends them again with the same key", async () => {
    const store = new DraftStore("lab", "anna", hers);
    store.set([typed("r1", "0.012")]);
    store.send({ key: "key-1", at: 0, items: [item("r1")] });
    const keys: (string | null)[] = [];
    server.use(
      http.post(url, ({ request }) => {
        keys.push(request.headers.get("idempotency-key"));
        return HttpResponse.error();
      }),
    );
    expect(await sendOutbox(store)).toBe(false);
    expect(store.drafts.r1?.value).toBe("0.012");

    // The page is closed and opened again: another store over the same storage.
    await store.settled;
    const later = new DraftStore("lab", "anna", hers);
    await later.ready;
    expect(later.travelling.has("r1")).toBe(true);
    server.use(
      http.post(url, ({ request }) => {
        keys.push(request.headers.get("idempotency-key"));
        return HttpResponse.json({ items: [{ result_id: "r1", status: 200 }] });
      }),
    );
    expect(await sendOutbox(later)).toBe(true);
    expect(keys).toEqual(["key-1", "key-1"]);
    expect(later.drafts).toEqual({});
    expect(later.lastSaved?.count).toBe(1);
  });
  it("keeps what the server refused, beside its reason, and lets go of what it took", async () => {
    const store = new DraftStore("lab", "anna", hers);
    store.set([typed("r1", "0.012"), typed("r2", "7")]);
    store.send({ key: "k", at: 0, items: [item("r1"), item("r2")] });
    server.use(
      http.post(url, () =>
        HttpResponse.json(
          {
            items: [
              { result_id: "r1", status: 200 },
              {
                result_id: "r2",
                status: 412,
                problem: { type: "/problems/stale", title: "Stale", status: 412, detail: "It was changed." },
              },
            ],
          },
          { status: 207 },
        ),
      ),
    );
    expect(await sendOutbox(store)).toBe(true);
    expect(Object.keys(store.drafts)).toEqual(["r2"]);
    expect(store.drafts.r2?.error).toEqual({ slug: "stale", message: "It was changed." });
    store.adopt("r2", 5);
    expect(store.drafts.r2).toEqual({ value: "7", version: 5 });
  });
  it("tries again after a 503, because it may have happened or not", async () => {
    const store = new DraftStore("lab", "anna", hers);
    store.send({ key: "k", at: 0, items: [item("r1")] });
    server.use(
      http.post(url, () =>
        HttpResponse.json({ type: "/problems/unavailable", title: "Away", status: 503 }, { status: 503 }),
      ),
    );
    expect(await sendOutbox(store)).toBe(false);
    expect(store.outbox).toHaveLength(1);
  });
  it("gives the draft back with the message when the whole batch is refused", async () => {
    const store = new DraftStore("lab", "anna", hers);
    store.set([typed("r1", "0.012")]);
    store.send({ key: "k", at: 0, items: [item("r1")] });
    server.use(
      http.post(url, () =>
        HttpResponse.json(
          {
            type: "/problems/validation",
            title: "No",
            status: 422,
            errors: [{ path: "/items/0/value", code: "range", message: "Outside the range." }],
          },
          { status: 422 },
        ),
      ),
    );
    expect(await sendOutbox(store)).toBe(true);
    expect(store.drafts.r1?.error).toEqual({ slug: "validation", message: "Outside the range." });
  });
});
