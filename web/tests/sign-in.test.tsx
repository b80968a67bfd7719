import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, createRouter, RouterProvider } from "@tanstack/react-router";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import { queryClient } from "@/api/queries";
import { routeTree } from "@/routeTree.gen";
import { forgetSession } from "@/session/who";
import { anna, api, http, HttpResponse, problem, server } from "./server";

function openAt(path: string) {
  const router = createRouter({ routeTree, history: createMemoryHistory({ initialEntries: [path] }) });
  render(
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </I18nProvider>,
  );
  return router;
}

async function signInWith(password: string) {
  const person = userEvent.setup();
  await person.type(await screen.findByLabelText("E-mail address"), "anna@water.example");
  await person.type(screen.getByLabelText("Password"), password);
  await person.click(screen.getByRole("button", { name: "Sign in" }));
  return person;
}

const signedOut = [
  http.get(api("/me"), () => problem(401, "unauthenticated")),
  http.post(api("/auth/refresh"), () => problem(401, "unauthenticated")),
];
const emptyLists = [
  http.get(api("/work"), () =>
    HttpResponse.json({
      to_receive: 58,
      to_enter: 0,
      to_verify: 0,
      to_authorize: 0,
      to_release: 0,
      critical_open: 0,
      overdue: 0,
      under_correction: 0,
    }),
  ),
  http.get(api("/samples"), () => HttpResponse.json({ items: [], next: null })),
];

describe("signing in", () => {
  beforeEach(forgetSession);

  it("leads to what waits, with cookies and no token in the page", async () => {
    let sent: unknown;
    server.use(
      ...signedOut,
      ...emptyLists,
      http.post(api("/auth/login"), async ({ request }) => {
        sent = await request.json();
        return HttpResponse.json({ expires_in: 900, csrf_token: "c", user: anna });
      }),
    );
    openAt("/");
    await signInWith("correct horse");
    expect(await screen.findByRole("heading", { name: "What waits for you" })).toBeTruthy();
    expect(await screen.findByText("58")).toBeTruthy();
    expect(sent).toMatchObject({ mode: "cookie", email: "anna@water.example" });
  });

  it("asks which laboratory when the person works in several", async () => {
    const bodies: { laboratory?: string }[] = [];
    server.use(
      ...signedOut,
      ...emptyLists,
      http.post(api("/auth/login"), async ({ request }) => {
        const body = (await request.json()) as { laboratory?: string };
        bodies.push(body);
        if (!body.laboratory)
          return problem(409, "laboratory-required", {
            laboratories: [
              { slug: "water", name: "Water Laboratory" },
              { slug: "medical", name: "Medical Laboratory" },
            ],
          });
        return HttpResponse.json({ expires_in: 900, csrf_token: "c", user: anna });
      }),
    );
    openAt("/sign-in");
    const person = await signInWith("correct horse");
    await person.click(await screen.findByRole("button", { name: /Water Laboratory/ }));
    expect(await screen.findByRole("heading", { name: "What waits for you" })).toBeTruthy();
    expect(bodies.map((body) => body.laboratory)).toEqual([undefined, "water"]);
  });

  it("says beside the form that the password is wrong, and stays", async () => {
    server.use(
      ...signedOut,
      http.post(api("/auth/login"), () => problem(401, "invalid-credentials")),
    );
    const router = openAt("/sign-in");
    await signInWith("wrong");
    expect((await screen.findByRole("alert")).textContent).toContain("E-mail address and password do not match.");
    expect(router.state.location.pathname).toBe("/sign-in");
  });

  it("returns to the page that was asked for", async () => {
    server.use(
      ...signedOut,
      ...emptyLists,
      http.post(api("/auth/login"), () => HttpResponse.json({ expires_in: 900, csrf_token: "c", user: anna })),
    );
    const router = openAt("/samples?status=received");
    await signInWith("correct horse");
    expect(await screen.findByRole("heading", { name: "Samples" })).toBeTruthy();
    expect(router.state.location.href).toBe("/samples?status=received");
  });

  it("asks for a new sign-in once when the session ends, and comes back to the page", async () => {
    let alive = true;
    let asked = 0;
    server.use(
      http.get(api("/me"), () => {
        asked++;
        return alive ? HttpResponse.json(anna) : problem(401, "unauthenticated");
      }),
      http.post(api("/auth/refresh"), () => problem(401, "unauthenticated")),
      http.get(api("/samples"), () =>
        alive ? HttpResponse.json({ items: [], next: null }) : problem(401, "unauthenticated"),
      ),
      http.post(api("/auth/login"), () => {
        alive = true;
        return HttpResponse.json({ expires_in: 900, csrf_token: "c", user: anna });
      }),
    );
    const router = openAt("/samples?status=received");
    await screen.findByText("No sample matches these filters");
    alive = false;
    const before = asked;
    await userEvent.setup().click(screen.getByRole("link", { name: "Reported" }));
    expect(await screen.findByText(/Your session ended/)).toBeTruthy();
    expect(asked).toBe(before);
    expect(router.state.location.pathname).toBe("/sign-in");
    await signInWith("correct horse");
    expect(await screen.findByRole("heading", { name: "Samples" })).toBeTruthy();
  });
});
