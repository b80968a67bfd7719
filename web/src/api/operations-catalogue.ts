import type * as T from "./types";
import type * as C from "./types-catalogue";

type Query = T.ListQuery & { q?: string; active?: boolean };
type ById = { path: { id: T.Id } };

/** Instruments, containers and storage locations; see `operations.ts`. */
export interface CatalogueOperations {
  "GET /instruments": { query: Query; answer: T.List<C.Instrument> };
  "GET /instruments/{id}": ById & { answer: C.Instrument };
  "POST /instruments": { body: C.InstrumentData; answer: C.Instrument };
  "PATCH /instruments/{id}": ById & { body: Partial<C.InstrumentData>; answer: C.Instrument };
  "GET /containers": { query: Query; answer: T.List<T.Container> };
  "GET /containers/{id}": ById & { answer: T.Container };
  "POST /containers": { body: C.ContainerData; answer: T.Container };
  "PATCH /containers/{id}": ById & { body: Partial<C.ContainerData>; answer: T.Container };
  "GET /locations": { query: Query; answer: T.List<T.Location> };
  "GET /locations/{id}": ById & { answer: T.Location };
  "POST /locations": { body: C.LocationData; answer: T.Location };
  "PATCH /locations/{id}": ById & { body: Partial<C.LocationData>; answer: T.Location };
}
