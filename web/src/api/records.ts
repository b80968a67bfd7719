import { api } from "./queries";

/*
 * Single records that a page's loader asks for and the page then reads. They stand here and not beside their routes, because what a
 * route's file defines is loaded with the very first page.
 */
export const sampleById = (id: string) => api("GET /samples/{id}", { path: { id } });
export const patientById = (id: string) => api("GET /patients/{id}", { path: { id } });
export const reportById = (id: string) => api("GET /reports/{id}", { path: { id } });
export const auditEventAt = (index: string) => api("GET /audit/events/{index}", { path: { index: Number(index) } });
