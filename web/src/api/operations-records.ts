import type * as T from "./types";
import type { WebAuthnJson } from "./types-access";
import type * as R from "./types-records";

interface ResultQuery extends T.ListQuery {
  status?: string;
  sample_id?: T.Id;
  test_id?: T.Id;
  entered_by?: T.Id;
  critical?: boolean;
  q?: string;
  sort?: "created_at" | "-updated_at";
  include?: "previous";
}
interface AuditQuery extends T.ListQuery {
  actor_id?: T.Id;
  action?: string;
  object_type?: string;
  object_id?: string;
  from?: T.Time;
  to?: T.Time;
}
interface BulkAnswer {
  items: { result_id: T.Id; status: number; result?: T.Result | null; problem?: T.Problem | null }[];
}
interface ById {
  path: { id: T.Id };
}
type Reason = { reason: string };

/** Results, reports, the audit trail and people; see `operations.ts`. */
export interface RecordOperations {
  "GET /results": { query: ResultQuery; answer: T.List<T.Result> };
  "GET /results/{id}": ById & { answer: T.Result };
  "GET /results/{id}/versions": ById & { answer: { items: R.ResultVersion[] } };
  "POST /results/enter": {
    query: { partial?: boolean };
    body: { items: ({ result_id: T.Id; version?: number } & R.EnterBody)[] };
    answer: BulkAnswer;
  };
  "POST /results/{id}/verify": ById & { body: { reason?: string }; answer: T.Result };
  "POST /results/verify": {
    query: { partial?: boolean };
    body: { items: { result_id: T.Id; version?: number }[] };
    answer: BulkAnswer;
  };
  "POST /results/{id}/return": ById & { body: Reason; answer: T.Result };
  "GET /critical-notices": { query: T.ListQuery & { status?: string }; answer: T.List<T.CriticalNotice> };
  "POST /results/{id}/critical-notices": ById & { body: R.NoticeBody; answer: T.CriticalNotice };

  "GET /reports": {
    query: T.ListQuery & {
      status?: string;
      client_id?: T.Id;
      patient_id?: T.Id;
      sample_id?: T.Id;
      under_correction?: boolean;
      q?: string;
    };
    answer: T.List<R.Report>;
  };
  "POST /reports": {
    body: {
      sample_ids: T.Id[];
      kind?: R.Report["kind"];
      language?: T.Language;
      remarks?: string;
      opinions?: { text: string }[];
    };
    answer: R.Report;
  };
  "GET /reports/{id}": ById & { answer: R.Report };
  "PATCH /reports/{id}": ById & {
    body: { remarks?: string | null; opinions?: { text: string }[]; language?: T.Language };
    answer: R.Report;
  };
  "POST /reports/{id}/refresh": ById & { body: Record<string, never>; answer: R.Report };
  "POST /reports/{id}/authorize": ById & {
    body: {
      meaning: string;
      /** Or `sign_on`: what was confirmed at the identity provider. */
      password?: string;
      sign_on?: boolean;
      content_sha256?: string;
      otp?: string;
      passkey?: WebAuthnJson;
    };
    answer: R.Report;
  };
  "POST /reports/{id}/release": ById & { body: Record<string, never>; answer: R.Report };
  "POST /reports/{id}/amend": ById & { body: Reason; answer: R.Report };
  "POST /reports/{id}/withdraw": ById & { body: Reason; answer: R.Report };
  "GET /reports/{id}/deliveries": ById & { answer: { items: R.Delivery[] } };
  "POST /reports/{id}/deliveries": ById & {
    body: { to: string; channel: R.Delivery["channel"]; note?: string };
    answer: R.Delivery;
  };
  "GET /reports/{id}/preview": ById & { answer: unknown };
  "GET /reports/{id}/document": ById & { answer: unknown };

  "GET /audit/events": { query: AuditQuery; answer: T.List<R.AuditEvent> };
  "GET /audit/events/{index}": { path: { index: number }; answer: R.AuditEvent };
  "GET /audit/events/{index}/proof": { path: { index: number }; answer: R.AuditProof };
  "GET /audit/actions": { answer: { items: { id: string; description: string }[] } };
  "GET /audit/consistency": {
    query: { from: number; to: number };
    answer: { from: number; to: number; path: string[] };
  };
  "POST /audit/exports": { body: R.AuditExportBody; answer: R.AuditExport };
  "GET /audit/exports": { query: T.ListQuery; answer: T.List<R.AuditExport> };
  "GET /audit/exports/{id}": ById & { answer: R.AuditExport };
  "GET /audit/exports/{id}/bundle": ById & { answer: unknown };
  "GET /audit/exports/{id}/document": ById & { query: { part?: number }; answer: unknown };

  "GET /users": { query: T.ListQuery & { q?: string; active?: boolean; role_id?: T.Id }; answer: T.List<R.User> };
  "POST /users": {
    body: {
      email: string;
      name: string;
      title?: string;
      language?: T.Language;
      role_ids: T.Id[];
      client_id?: T.Id;
      /** Without one the person is invited by mail. */
      password?: string;
    };
    answer: R.User;
  };
  "GET /users/{id}": ById & { answer: R.User };
  "PATCH /users/{id}": ById & {
    body: {
      name?: string;
      title?: string | null;
      language?: T.Language;
      role_ids?: T.Id[];
      client_id?: T.Id | null;
      grants?: R.NewGrant[];
    };
    answer: R.User;
  };
  "POST /users/{id}/deactivate": ById & { body: Reason; answer: R.User };
  "POST /users/{id}/reactivate": ById & { body: Reason; answer: R.User };
  "POST /users/{id}/end-sessions": ById & { body: Record<string, never>; answer: void };
  "GET /roles": { query: T.ListQuery; answer: T.List<R.Role> };
  "POST /roles": {
    body: { name: string; description: string; permissions: string[]; second_factor?: boolean };
    answer: R.Role;
  };
  "GET /roles/{id}": ById & { answer: R.Role };
  "PATCH /roles/{id}": ById & {
    body: { name?: string; description?: string; permissions?: string[]; second_factor?: boolean };
    answer: R.Role;
  };
  "DELETE /roles/{id}": ById & { answer: void };
  "GET /permissions": { answer: { items: R.Permission[] } };
  "GET /laboratory": { answer: R.Laboratory };
  "PATCH /laboratory": {
    body: Partial<
      Pick<R.Laboratory, "name" | "address" | "accreditation_number" | "contact" | "timezone" | "language">
    > & { settings?: R.SettingsChange };
    answer: R.Laboratory;
  };
}
