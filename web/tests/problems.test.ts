import { describe, expect, it } from "vitest";
import { isProblem, normalisePath, ProblemError, problemFrom } from "@/api/problems";

const response = (status: number, body: BodyInit, headers: Record<string, string> = {}) =>
  new Response(body, { status, headers });

describe("a refusal", () => {
  it("names its fields whatever way their path is written", async () => {
    const error = await problemFrom(
      response(
        422,
        JSON.stringify({
          type: "/problems/validation",
          title: "Validation",
          status: 422,
          detail: "Two fields are wrong.",
          errors: [
            { path: "/items/3/client_reference", code: "taken", message: "Already used." },
            { path: "laboratory.slug", code: "format", message: "Lower case only." },
          ],
        }),
      ),
    );
    expect(error.slug).toBe("validation");
    expect(error.message).toBe("Two fields are wrong.");
    expect(error.field("items.3.client_reference")).toBe("Already used.");
    expect(error.field("laboratory.slug")).toBe("Lower case only.");
    expect(error.field("laboratory.name")).toBeUndefined();
  });

  it("keeps what else the server said", async () => {
    const error = await problemFrom(
      response(
        409,
        JSON.stringify({
          type: "https://attest.example/problems/laboratory-required",
          title: "Which?",
          status: 409,
          laboratories: [{ slug: "water" }],
        }),
      ),
    );
    expect(isProblem(error, "laboratory-required")).toBe(true);
    expect(error.problem.laboratories).toEqual([{ slug: "water" }]);
  });

  it("is a problem too when a proxy answers HTML or nothing, with the request's number", async () => {
    const html = await problemFrom(response(502, "<h1>Bad gateway</h1>", { "x-request-id": "r-9" }));
    expect(html).toBeInstanceOf(ProblemError);
    expect(html.status).toBe(502);
    expect(html.problem.request_id).toBe("r-9");
    expect((await problemFrom(response(503, ""))).slug).toBe("unavailable");
    expect((await problemFrom(response(500, '{"error":"x"}'))).slug).toBe("internal");
  });
});

it.each([
  ["/items/0/value", "items.0.value"],
  ["items[0].value", "items.0.value"],
  ["$.items[12].value", "items.12.value"],
  ["name", "name"],
  ["", ""],
])("the path %s is %s", (given, expected) => {
  expect(normalisePath(given)).toBe(expected);
});
