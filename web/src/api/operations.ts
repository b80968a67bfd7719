import type { AccessOperations } from "./operations-access";
import type { CatalogueOperations } from "./operations-catalogue";
import type { FileOperations } from "./operations-files";
import type { PlatformOperations } from "./operations-platform";
import type { RecordOperations } from "./operations-records";
import type * as T from "./types";
import type * as Access from "./types-access";
import type * as Orders from "./types-orders";

type CatalogueQuery = T.ListQuery & { q?: string; active?: boolean };

/**
 * Every operation the screens use: "METHOD /path/{id}" → what goes in and what comes back. When the generated
 * `schema.d.ts` exists this interface becomes a mapped type over its `paths`; the pages do not change.
 */
export interface Operations
  extends RecordOperations, AccessOperations, CatalogueOperations, FileOperations, PlatformOperations {
  "POST /auth/login": { body: T.LoginBody; answer: T.LoginAnswer };
  "POST /auth/refresh": { body: Record<string, never>; answer: T.LoginAnswer };
  "POST /auth/logout": { answer: void };
  "POST /bootstrap": { body: T.BootstrapBody; answer: unknown };
  "GET /me": { answer: T.Me };
  "PATCH /me": { body: { language?: T.Language; title?: string }; answer: T.Me };
  "GET /work": { answer: T.Work };

  "GET /samples": { query: T.SampleQuery; answer: T.List<T.SampleSummary> };
  "POST /samples": { body: T.NewSample; answer: T.Sample };
  "POST /samples/batch": { body: { items: T.NewSample[] }; answer: { items: T.Sample[] } };
  "POST /samples/receive": {
    body: { items: ({ sample_id: T.Id; version?: number } & T.ReceiveBody)[] };
    answer: { items: { sample_id: T.Id; status: number; sample: T.Sample }[] };
  };
  "GET /samples/{id}": { path: { id: T.Id }; answer: T.Sample };
  "GET /samples/by-accession/{number}": { path: { number: string }; answer: T.Sample };
  "GET /samples/{id}/timeline": { path: { id: T.Id }; answer: { items: T.TimelineEntry[] } };
  "POST /samples/{id}/receive": { path: { id: T.Id }; body: T.ReceiveBody; answer: T.Sample };
  "POST /samples/{id}/reject": {
    path: { id: T.Id };
    body: { reason: string; reason_code?: string };
    answer: T.Sample;
  };
  "POST /samples/{id}/cancel": { path: { id: T.Id }; body: { reason: string }; answer: T.Sample };
  "POST /samples/{id}/results": {
    path: { id: T.Id };
    body: { test_ids?: T.Id[]; panel_ids?: T.Id[] };
    answer: T.Sample;
  };

  "PATCH /samples/{id}": { path: { id: T.Id }; body: Orders.SampleChange; answer: T.Sample };
  "POST /samples/{id}/dispose": { path: { id: T.Id }; body: { reason?: string }; answer: T.Sample };
  "POST /samples/{id}/relink": {
    path: { id: T.Id };
    body: { order_id: T.Id; reason: string };
    answer: Access.TwoPersonRequest;
  };

  "GET /orders": {
    query: T.ListQuery & { q?: string; status?: string; client_id?: T.Id; patient_id?: T.Id; sort?: string };
    answer: T.List<Orders.Order>;
  };
  "POST /orders": { body: Orders.NewOrder; answer: Orders.Order };
  "GET /orders/{id}": { path: { id: T.Id }; answer: Orders.Order };
  "POST /orders/{id}/cancel": { path: { id: T.Id }; body: { reason: string }; answer: Orders.Order };

  "GET /clients": { query: CatalogueQuery; answer: T.List<T.Client> };
  "POST /clients": { body: T.NewClient; answer: T.Client };
  "GET /clients/{id}": { path: { id: T.Id }; answer: T.Client };
  "PATCH /clients/{id}": { path: { id: T.Id }; body: Orders.ClientChange; answer: T.Client };
  "GET /patients": { query: T.ListQuery & { q?: string }; answer: T.List<T.Patient> };
  /** The name stays out of the address. */
  "POST /patients/search": { body: { q: string; limit?: number; after?: string }; answer: T.List<T.Patient> };
  "POST /patients": { body: T.NewPatient; answer: T.Patient & { possible_duplicates?: T.PatientDuplicate[] } };
  "GET /patients/{id}": { path: { id: T.Id }; answer: T.Patient };
  "PATCH /patients/{id}": { path: { id: T.Id }; body: Orders.PatientChange; answer: T.Patient };
  "POST /patients/{id}/merge": {
    path: { id: T.Id };
    body: { into: T.Id; reason: string };
    answer: Access.TwoPersonRequest;
  };

  "POST /sample-types": { body: Orders.SampleTypeData; answer: T.SampleType };
  "PATCH /sample-types/{id}": { path: { id: T.Id }; body: Orders.SampleTypeData; answer: T.SampleType };
  "POST /tests": { body: Orders.TestData; answer: T.Test };
  "PATCH /tests/{id}": { path: { id: T.Id }; body: Partial<Orders.TestData>; answer: T.Test };
  "POST /specifications": { body: Orders.SpecificationData; answer: T.Specification };
  "PATCH /specifications/{id}": {
    path: { id: T.Id };
    body: Partial<Orders.SpecificationData>;
    answer: T.Specification;
  };
  "GET /competences": { query: T.ListQuery & { user_id?: T.Id; test_id?: T.Id }; answer: T.List<Orders.Competence> };
  "POST /competences": { body: Orders.NewCompetences; answer: { items: Orders.Competence[] } };
  "GET /sample-types": { query: CatalogueQuery; answer: T.List<T.SampleType> };
  "GET /tests": { query: CatalogueQuery; answer: T.List<T.Test> };
  "GET /tests/{id}": { path: { id: T.Id }; answer: T.Test };
  "POST /panels": { body: Orders.PanelData; answer: T.Panel };
  "PATCH /panels/{id}": { path: { id: T.Id }; body: Partial<Orders.PanelData>; answer: T.Panel };
  "GET /panels": { query: CatalogueQuery; answer: T.List<T.Panel> };
  "GET /specifications": { query: CatalogueQuery; answer: T.List<T.Specification> };
  "GET /specifications/{id}": { path: { id: T.Id }; answer: T.Specification };
}

export type Operation = keyof Operations;
type Part<O extends Operation, K extends string> = K extends keyof Operations[O] ? Operations[O][K] : undefined;

/** What a call takes besides its name: path parameters and body when the operation has them. */
export type Input<O extends Operation> = ("path" extends keyof Operations[O] ? { path: Part<O, "path"> } : object) &
  ("query" extends keyof Operations[O] ? { query?: Part<O, "query"> } : object) &
  ("body" extends keyof Operations[O] ? { body: Part<O, "body"> } : object);
export type Answer<O extends Operation> = Operations[O]["answer"];
/** Operations whose answer is a page of a keyset list. */
export type ListOperation = {
  [O in Operation]: Answer<O> extends T.List<unknown> ? O : never;
}[Operation];
export type Item<O extends ListOperation> = Answer<O> extends T.List<infer I> ? I : never;
