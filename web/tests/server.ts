import { http, HttpResponse, type JsonBodyType } from "msw";
import { setupServer } from "msw/node";
import type { Me } from "@/api/types";

/** The interface as a test wants it to answer: `server.use(...)` in each test. */
export const server = setupServer();

export const api = (path: string) => `http://localhost:8080/api/v1${path}`;

export function problem(status: number, slug: string, extra: Record<string, JsonBodyType> = {}) {
  return HttpResponse.json(
    { type: `/problems/${slug}`, title: slug, status, detail: `because of ${slug}`, request_id: "r-1", ...extra },
    { status, headers: { "content-type": "application/problem+json" } },
  );
}

export const anna: Me = {
  id: "u1",
  email: "anna@water.example",
  name: "Anna Kowalczyk",
  title: null,
  language: "en",
  roles: [{ id: "r1", name: "Analyst" }],
  permissions: ["sample:read", "sample:register", "sample:receive"],
  laboratory: {
    id: "l1",
    slug: "water",
    name: "Water Laboratory",
    kind: "testing",
    timezone: "Europe/Warsaw",
    demonstration: false,
  },
  session: { id: "s1", expires_at: "2030-01-01T00:00:00Z", idle_timeout_seconds: 43200, step_up_until: null },
  csrf_token: "csrf-1",
  policy: {
    four_eyes_verification: true,
    four_eyes_release: false,
    idle_minutes: 720,
    password: { min_length: 12, max_length: 128, composition: true, history: 10 },
    second_factor: "off",
  },
  must: [],
  locked: false,
  has_pin: false,
  has_passkey: false,
  has_password: true,
  sign_on: null,
};

export { http, HttpResponse };
