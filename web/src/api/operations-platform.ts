import type { Generated } from "./generated";

/** The platform's operations, and a laboratory's invitations of its support. */
export type PlatformOperations = { [O in Name]: Generated<O> };

type Name =
  | "GET /platform/laboratories"
  | "POST /platform/laboratories"
  | "GET /platform/laboratories/{id}"
  | "POST /platform/laboratories/{id}/suspend"
  | "POST /platform/laboratories/{id}/resume"
  | "GET /platform/support-access"
  | "POST /platform/support-access/{id}/enter"
  | "GET /support-access"
  | "POST /support-access"
  | "GET /support-access/{id}"
  | "POST /support-access/{id}/end";
