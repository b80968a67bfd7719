import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { upload } from "@/api/client";
import type { FileHolder } from "@/api/operations-files";

/** A file on its way, or one that was not taken. */
export interface Sending {
  key: string;
  file: File;
  /** How much of it has left, from 0 to 1. */
  share: number;
  error: unknown;
}

export interface OutboxState {
  sending: readonly Sending[];
  add: (files: readonly File[]) => void;
  again: (one: Sending) => void;
  remove: (one: Sending) => void;
}

/** Sends files one after another; each has its own progress and its own refusal, and none holds up the next. */
export function useOutbox(of: FileHolder, id: string): OutboxState {
  const client = useQueryClient();
  const [sending, setSending] = useState<readonly Sending[]>([]);
  const stops = useRef(new Map<string, AbortController>());
  const line = useRef(Promise.resolve());

  // Whoever leaves the page takes back what has not arrived yet.
  useEffect(() => {
    const left = stops.current;
    return () => {
      for (const stop of left.values()) stop.abort();
      left.clear();
    };
  }, [of, id]);

  const change = (key: string, to: Partial<Sending>) =>
    setSending((all) => all.map((each) => (each.key === key ? { ...each, ...to } : each)));
  const drop = (key: string) => {
    stops.current.get(key)?.abort();
    stops.current.delete(key);
    setSending((all) => all.filter((each) => each.key !== key));
  };
  const send = (key: string, file: File) => {
    const stop = new AbortController();
    stops.current.set(key, stop);
    const sent = async () => {
      if (stop.signal.aborted) return;
      try {
        const outgoing = { file, onProgress: (share: number) => change(key, { share }) };
        await upload(`POST /${of}/{id}/files`, { path: { id }, query: {} }, outgoing, { signal: stop.signal });
        drop(key);
        await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "GET /me" });
      } catch (error) {
        if (!stop.signal.aborted) change(key, { error });
      }
    };
    line.current = line.current.then(sent);
  };
  return {
    sending,
    add: (files) => {
      const added = files.map((file) => ({ key: crypto.randomUUID(), file, share: 0, error: null }));
      setSending((all) => [...all, ...added]);
      for (const { key, file } of added) send(key, file);
    },
    again: ({ key, file }) => {
      change(key, { error: null, share: 0 });
      send(key, file);
    },
    remove: ({ key }) => drop(key),
  };
}
