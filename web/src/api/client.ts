import { IdempotencyKeys } from "./idempotency";
import type { Answer, Input, Operation } from "./operations";
import { NetworkError, ProblemError, problemFrom } from "./problems";

const BASE = "/api/v1";

/** Things a call needs beyond its input. */
export interface CallOptions {
  /** The version the person was looking at; sent as If-Match. */
  version?: number;
  signal?: AbortSignal;
  /** The Idempotency-Key of an act that was kept over a reload; otherwise the client makes and keeps one. */
  key?: string;
  /** Media type wanted, for operations that do not answer JSON. */
  accept?: string;
}

type Listener = () => void;

const keys = new IdempotencyKeys();
const endListeners = new Set<Listener>();
const reachListeners = new Set<(reachable: boolean) => void>();
let csrfToken: string | null = null;
let language = "en";
let refreshing: Promise<boolean> | null = null;
let lastAnswerAt = Date.now();

export function setCsrfToken(token: string | null | undefined): void {
  csrfToken = token ?? null;
}
export function setRequestLanguage(next: string): void {
  language = next;
}
/** When the server last answered this session: it counts idleness from there. Milliseconds since the epoch. */
export function lastHeardAt(): number {
  return lastAnswerAt;
}
/** Called when the session ended and could not be refreshed. */
export function onSessionEnd(listener: Listener): () => void {
  endListeners.add(listener);
  return () => endListeners.delete(listener);
}
/** Called with false when the server could not be reached, with true when it answered again. */
export function onReachability(listener: (reachable: boolean) => void): () => void {
  reachListeners.add(listener);
  return () => reachListeners.delete(listener);
}

/** Performs one operation of the interface. Throws ProblemError when the server refuses, NetworkError when it is away. */
export async function call<O extends Operation>(
  operation: O,
  input: Input<O>,
  options: CallOptions = {},
): Promise<Answer<O>> {
  const response = await request(operation, input as RawInput, options);
  if (response.status === 204) return undefined as never;
  const answer: unknown = await response.json();
  // Signing in, refreshing and confirming one's identity each give a new token.
  if (operation.startsWith("POST /auth/") && hasCsrfToken(answer)) setCsrfToken(answer.csrf_token);
  return answer as Answer<O>;
}

function hasCsrfToken(answer: unknown): answer is { csrf_token: string } {
  return (
    typeof answer === "object" && answer !== null && "csrf_token" in answer && typeof answer.csrf_token === "string"
  );
}

/** Like `call`, for answers that are files. */
export async function download<O extends Operation>(
  operation: O,
  input: Input<O>,
  options: CallOptions & { accept: string },
): Promise<Blob> {
  return (await request(operation, input as RawInput, options)).blob();
}

interface RawInput {
  path?: Record<string, string | number>;
  query?: object;
  body?: unknown;
}

async function request(operation: string, input: RawInput, options: CallOptions): Promise<Response> {
  const space = operation.indexOf(" ");
  const method = operation.slice(0, space);
  const template = operation.slice(space + 1);
  const url = BASE + fillPath(template, input.path) + queryString(input.query);
  const body = input.body === undefined ? undefined : JSON.stringify(input.body);
  const isAuth = template.startsWith("/auth/");
  const fingerprint = method === "POST" && !isAuth ? `${url}\n${body ?? ""}` : null;

  const attempt = () => send(method, url, body, fingerprint, options);
  let response = await attempt();
  const sessionMatters = template !== "/auth/login" && template !== "/auth/refresh" && template !== "/bootstrap";
  if (response.status === 401 && sessionMatters) {
    if (await refresh()) {
      discard(response);
      response = await attempt();
    }
    if (response.status === 401) for (const tell of endListeners) tell();
  }
  // Another tab's refresh rotated the token; /me tells the new one.
  if (response.status === 403 && method !== "GET" && (await isCsrfRefusal(response)) && (await renewCsrf())) {
    discard(response);
    response = await attempt();
  }
  // A definite answer ends the act; after a 5xx it may or may not have happened, so the key stays.
  if (fingerprint && response.status < 500) keys.settle(fingerprint);
  if (!response.ok) throw await problemFrom(response);
  return response;
}

async function send(
  method: string,
  url: string,
  body: string | undefined,
  fingerprint: string | null,
  options: CallOptions,
): Promise<Response> {
  const headers = new Headers({ Accept: options.accept ?? "application/json", "Accept-Language": language });
  if (body !== undefined) headers.set("Content-Type", "application/json");
  if (method !== "GET" && csrfToken) headers.set("X-CSRF-Token", csrfToken);
  if (options.version !== undefined) headers.set("If-Match", `"${options.version}"`);
  if (fingerprint) headers.set("Idempotency-Key", options.key ?? keys.keyFor(fingerprint));
  try {
    const response = await fetch(url, { method, headers, body, signal: options.signal, credentials: "same-origin" });
    lastAnswerAt = Date.now();
    for (const tell of reachListeners) tell(true);
    return response;
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    for (const tell of reachListeners) tell(false);
    throw new NetworkError(cause);
  }
}

async function isCsrfRefusal(response: Response): Promise<boolean> {
  return (await problemFrom(response.clone())).slug === "csrf";
}

async function renewCsrf(): Promise<boolean> {
  const response = await send("GET", `${BASE}/me`, undefined, null, {});
  if (!response.ok) {
    discard(response);
    return false;
  }
  setCsrfToken(((await response.json()) as { csrf_token?: string | null }).csrf_token);
  return true;
}

/** A body nobody reads keeps its connection busy. */
function discard(response: Response): void {
  void response.body?.cancel();
}

/** One refresh for however many calls met the 401 at once. */
function refresh(): Promise<boolean> {
  refreshing ??= (async () => {
    try {
      const response = await send("POST", `${BASE}/auth/refresh`, "{}", null, {});
      if (!response.ok) {
        discard(response);
        return false;
      }
      const answer = (await response.json()) as { csrf_token?: string | null };
      if (answer.csrf_token) setCsrfToken(answer.csrf_token);
      return true;
    } catch (error) {
      if (error instanceof ProblemError) return false;
      throw error;
    } finally {
      refreshing = null;
    }
  })();
  return refreshing;
}

function fillPath(template: string, path: RawInput["path"]): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = path?.[name];
    if (value === undefined) throw new Error(`missing path parameter ${name} of ${template}`);
    return encodeURIComponent(String(value));
  });
}

function queryString(query: object | undefined): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === null || value === "") continue;
    params.set(name, Array.isArray(value) ? value.join(",") : String(value));
  }
  const text = params.toString();
  return text ? `?${text}` : "";
}
