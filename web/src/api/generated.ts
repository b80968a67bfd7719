import type { paths } from "./schema";

/*
 * Operations as openapi/attest.json has them. `Generated<"GET /things/{id}">` says what goes in and what comes back, in the
 * shape that the client takes.
 */

type At<O extends string> = O extends `${infer Method} ${infer Path}`
  ? `/api/v1${Path}` extends keyof paths
    ? Lowercase<Method> extends keyof paths[`/api/v1${Path}`]
      ? paths[`/api/v1${Path}`][Lowercase<Method>]
      : never
    : never
  : never;

/** The server writes every member of an answer: what the document calls optional is null, never missing. */
export type Told<T> = T extends readonly (infer Item)[]
  ? Told<Item>[]
  : T extends object
    ? string extends keyof T
      ? Record<string, unknown>
      : { [K in keyof T]-?: Told<Exclude<T[K], undefined>> }
    : T;

/** What the document only calls an object may hold anything. */
export type Sent<T> = T extends readonly (infer Item)[]
  ? Sent<Item>[]
  : T extends object
    ? string extends keyof T
      ? Record<string, unknown>
      : { [K in keyof T]: Sent<T[K]> }
    : T;

type Json<R> = R extends { content: { "application/json": infer Body } } ? Body : void;
type Good<R> = R extends { 200: infer A }
  ? A
  : R extends { 201: infer A }
    ? A
    : R extends { 202: infer A }
      ? A
      : unknown;
type AnswerAt<A> = A extends { responses: infer R } ? Told<Json<Good<R>>> : never;
type PathAt<A> = A extends { parameters: { path: infer P extends object } } ? { path: P } : object;
type QueryAt<A> = A extends { parameters: { query?: infer Q } }
  ? [Q] extends [never]
    ? object
    : { query: NonNullable<Q> }
  : object;
type BodyAt<A> = A extends { requestBody: { content: { "application/json": infer B } } } ? { body: Sent<B> } : object;

export type Generated<O extends string> = PathAt<At<O>> & QueryAt<At<O>> & BodyAt<At<O>> & { answer: AnswerAt<At<O>> };
