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
/** What keeps a living session from going on: its screen is locked, or something must be set up first. */
export type Hold = "locked" | "setup-required";

const keys = new IdempotencyKeys();
const endListeners = new Set<Listener>();
const holdListeners = new Set<(hold: Hold) => void>();
const reachListeners = new Set<(reachable: boolean) => void>();
const heardListeners = new Set<Listener>();
let askStepUp: ((operation: string) => Promise<boolean>) | null = null;
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
/** Called when the server keeps the session from going on. */
export function onHold(listener: (hold: Hold) => void): () => void {
  holdListeners.add(listener);
  return () => holdListeners.delete(listener);
}
/**
 * Who asks the person to prove that it is them when an act needs it. Answers whether they did: then the act is tried
 * again as it was. Every act of every screen is asked for in the same way, so that no screen can forget to.
 */
export function setStepUp(ask: (operation: string) => Promise<boolean>): () => void {
  askStepUp = ask;
  return () => {
    if (askStepUp === ask) askStepUp = null;
  };
}
/** Another tab of the same session was answered: the session is not idle. */
export function heardElsewhere(at: number): void {
  lastAnswerAt = Math.max(lastAnswerAt, at);
}
export function onHeard(listener: Listener): () => void {
  heardListeners.add(listener);
  return () => heardListeners.delete(listener);
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
  const text = await response.text();
  // Done or accepted, and nothing to say about it.
  if (text === "") return undefined as never;
  const answer: unknown = JSON.parse(text);
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

/** A file on its way to the server. */
export interface Outgoing {
  file: File;
  /** How much of it has left, from 0 to 1. */
  onProgress?: (share: number) => void;
}

/** Performs an operation whose body is a file. */
export async function upload<O extends Operation>(
  operation: O,
  input: Input<O>,
  outgoing: Outgoing,
  options: CallOptions = {},
): Promise<Answer<O>> {
  return (await request(operation, input as RawInput, options, outgoing)).json();
}

interface RawInput {
  path?: Record<string, string | number>;
  query?: object;
  body?: unknown;
}

async function request(
  operation: string,
  input: RawInput,
  options: CallOptions,
  outgoing?: Outgoing,
): Promise<Response> {
  const space = operation.indexOf(" ");
  const method = operation.slice(0, space);
  const template = operation.slice(space + 1);
  const url = BASE + fillPath(template, input.path) + queryString(input.query);
  const body = outgoing ?? (input.body === undefined ? undefined : JSON.stringify(input.body));
  const isAuth = template.startsWith("/auth/");
  const fingerprint = method === "POST" && !isAuth ? `${url}\n${fingerprintOf(body)}` : null;

  const attempt = () => send(method, url, body, fingerprint, options);
  let response = await attempt();
  const sessionMatters = !withoutSession.test(template);
  if (response.status === 401 && sessionMatters) {
    if (await refresh()) {
      discard(response);
      response = await attempt();
    }
    if (response.status === 401) for (const tell of endListeners) tell();
  }
  for (let tries = 0; tries < 3 && response.status === 403; tries++) {
    if (!(await canBeHelped(operation, response))) break;
    discard(response);
    response = await attempt();
  }
  // A definite answer ends the act; after a 5xx it may or may not have happened, so the key stays.
  if (fingerprint && response.status < 500) keys.settle(fingerprint);
  if (!response.ok) throw await problemFrom(response);
  return response;
}

/** What tells an act tried again from another one. */
function fingerprintOf(body: string | Outgoing | undefined): string {
  if (body === undefined || typeof body === "string") return body ?? "";
  const { name, size, lastModified } = body.file;
  return `${name}\n${size}\n${lastModified}`;
}

/** What is asked before anybody is signed in: its 401 says nothing about a session. */
const withoutSession =
  /^\/(?:bootstrap|auth\/(?:login|refresh|password-reset|sign-on(?!\/reauthenticate)|workstation(?!\/park)))/;

/** Whether a refusal was about the moment and not about the act: then it is worth trying again. */
async function canBeHelped(operation: string, response: Response): Promise<boolean> {
  const { slug } = await problemFrom(response.clone());
  // Another tab's refresh rotated the token; /me tells the new one.
  if (slug === "csrf") return !operation.startsWith("GET ") && (await renewCsrf());
  if (slug === "step-up-required") return (await askStepUp?.(operation)) ?? false;
  if (slug === "locked" || slug === "setup-required") for (const tell of holdListeners) tell(slug);
  return false;
}

async function send(
  method: string,
  url: string,
  body: string | Outgoing | undefined,
  fingerprint: string | null,
  options: CallOptions,
): Promise<Response> {
  const headers = new Headers({ Accept: options.accept ?? "application/json", "Accept-Language": language });
  const outgoing = typeof body === "object" ? body : undefined;
  if (body !== undefined && !outgoing) headers.set("Content-Type", "application/json");
  if (method !== "GET" && csrfToken) headers.set("X-CSRF-Token", csrfToken);
  if (options.version !== undefined) headers.set("If-Match", `"${options.version}"`);
  if (fingerprint) headers.set("Idempotency-Key", options.key ?? keys.keyFor(fingerprint));
  try {
    // Few send files, and nobody does before signing in.
    const response = outgoing
      ? await (await import("./transfer")).sendFile(url, headers, outgoing, options.signal)
      : await fetch(url, {
          method,
          headers,
          body: body as string | undefined,
          signal: options.signal,
          credentials: "same-origin",
        });
    lastAnswerAt = Date.now();
    for (const tell of heardListeners) tell();
    for (const tell of reachListeners) tell(true);
    return response;
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    for (const tell of reachListeners) tell(false);
    throw new NetworkError(cause);
  }
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
