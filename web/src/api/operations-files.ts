import type { Generated } from "./generated";

/** What files are attached to on screen; results take them over the interface only. */
export type FileHolder = "orders" | "samples";

type Name =
  | `GET /${FileHolder}/{id}/files`
  | `POST /${FileHolder}/{id}/files`
  | `PATCH /${FileHolder}/{id}/files/{file}`
  | `GET /${FileHolder}/{id}/files/{file}/content`
  | `POST /${FileHolder}/{id}/files/{file}/withdraw`;

export type FileOperations = { [O in Name]: Generated<O> };
export type AttachedFile = FileOperations["GET /samples/{id}/files"]["answer"]["items"][number];
