import type { FieldProblem, Problem } from "./types";

/** The server said no, in problem+json. `slug` is the stable last part of the problem type. */
export class ProblemError extends Error {
  readonly problem: Problem;
  readonly slug: string;
  readonly status: number;
  readonly fields: readonly FieldProblem[];

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = "ProblemError";
    this.problem = problem;
    this.status = problem.status;
    this.slug = problem.type.split("/").at(-1) ?? "unknown";
    this.fields = problem.errors ?? [];
  }

  /** The message for one field, by its path in the request body ("laboratory.slug", "items.3.value"). */
  field(path: string): string | undefined {
    return this.fields.find((each) => each.path === path)?.message;
  }
}

/** No answer came back: offline, server away, connection cut. Whether the act happened is unknown. */
export class NetworkError extends Error {
  constructor(cause: unknown) {
    super("network", { cause });
    this.name = "NetworkError";
  }
}

export function isProblem(error: unknown, slug?: string): error is ProblemError {
  return error instanceof ProblemError && (slug === undefined || error.slug === slug);
}

/**
 * Reads a failed response. A proxy in front may answer HTML or nothing: that becomes a problem too, so that callers
 * know one kind of failure only.
 */
export async function problemFrom(response: Response): Promise<ProblemError> {
  const fallback: Problem = {
    type: response.status === 503 ? "/problems/unavailable" : "/problems/internal",
    title: response.statusText || `HTTP ${response.status}`,
    status: response.status,
    request_id: response.headers.get("x-request-id") ?? undefined,
  };
  try {
    const body: unknown = await response.json();
    if (!isRecord(body) || typeof body.type !== "string") return new ProblemError(fallback);
    return new ProblemError({ ...fallback, ...body, type: body.type, errors: fieldProblems(body.errors) });
  } catch {
    return new ProblemError(fallback);
  }
}

function fieldProblems(raw: unknown): FieldProblem[] {
  if (!Array.isArray(raw)) return [];
  return raw.filter(isRecord).map((each) => ({
    path: normalisePath(text(each.path)),
    code: text(each.code),
    message: text(each.message),
  }));
}

/** "/items/3/value", "items[3].value" and "items.3.value" name the same field. */
export function normalisePath(path: string): string {
  return path
    .replace(/^[/$.]+/, "")
    .replace(/\[(\d+)\]/g, ".$1")
    .replaceAll("/", ".");
}

const text = (value: unknown) => (typeof value === "string" ? value : "");

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
