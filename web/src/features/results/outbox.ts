import { useCallback, useEffect, useRef, useState } from "react";
import { call } from "@/api/client";
import { isProblem, NetworkError } from "@/api/problems";
import { queryClient } from "@/api/queries";
import type { Batch, DraftStore } from "./drafts";

/** Milliseconds between attempts while the server is away. */
const RETRY = 8_000;

export type OutboxState = "idle" | "sending" | "waiting";

/**
 * Sends what waits, oldest first, each batch with its own Idempotency-Key until it is answered: after a cut connection the
 * same values may be sent twice, but are entered once. @returns whether the outbox is empty now
 */
export async function sendOutbox(store: DraftStore): Promise<boolean> {
  for (let batch = store.outbox[0]; batch; batch = store.outbox[0]) {
    if (!(await sendBatch(store, batch))) return false;
  }
  return true;
}

async function sendBatch(store: DraftStore, batch: Batch): Promise<boolean> {
  const outcome = new Map<string, { slug: string; message: string } | "accepted">();
  try {
    const answer = await call(
      "POST /results/enter",
      { query: { partial: true }, body: { items: batch.items } },
      { key: batch.key },
    );
    for (const item of answer.items)
      outcome.set(
        item.result_id,
        item.status < 400
          ? "accepted"
          : { slug: item.problem?.type.split("/").at(-1) ?? "internal", message: itemMessage(item.problem) },
      );
  } catch (error) {
    // No answer, or one that leaves open whether it happened: the same batch is sent again.
    if (
      error instanceof NetworkError ||
      (isProblem(error) &&
        (error.status >= 500 || error.status === 429 || error.status === 401 || error.slug === "idempotency-in-flight"))
    )
      return false;
    for (const [index, item] of batch.items.entries())
      outcome.set(item.result_id, {
        slug: isProblem(error) ? error.slug : "internal",
        message:
          (isProblem(error) ? error.field(`items.${index}.value`) : undefined) ??
          (error instanceof Error ? error.message : String(error)),
      });
  }
  store.answered(batch.key, outcome);
  return true;
}

function itemMessage(
  problem: { title: string; detail?: string; errors?: { message: string }[] } | null | undefined,
): string {
  return problem?.errors?.[0]?.message ?? problem?.detail ?? problem?.title ?? "";
}

/** Keeps the outbox moving: now, when the network is back, and every few seconds while something waits. */
export function useOutbox(store: DraftStore): { state: OutboxState; flush: () => void } {
  const [state, setState] = useState<OutboxState>("idle");
  const running = useRef(false);
  const flush = useCallback(() => {
    if (running.current || store.outbox.length === 0) return;
    running.current = true;
    setState("sending");
    void sendOutbox(store)
      .then((empty) => setState(empty ? "idle" : "waiting"))
      .finally(() => {
        running.current = false;
        void queryClient.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "GET /me" });
      });
  }, [store]);
  useEffect(() => {
    void store.ready.then(flush);
    window.addEventListener("online", flush);
    const timer = window.setInterval(flush, RETRY);
    return () => {
      window.removeEventListener("online", flush);
      window.clearInterval(timer);
    };
  }, [store, flush]);
  return { state, flush };
}
