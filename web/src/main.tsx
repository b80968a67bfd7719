import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { CSPProvider } from "@base-ui/react/csp-provider";
import { createRouter, RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { activateLanguage } from "./i18n";
import { routeTree } from "./routeTree.gen";
import { applyPreferences, preferences } from "./session/preferences";
import { PageSkeleton } from "./shell/page-skeleton";
import { RouteError } from "./shell/route-error";
import "./styles.css";

const router = createRouter({
  routeTree,
  defaultPreload: "intent",
  // Query decides what is fresh; the router only asks it early.
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  // The page scrolls inside its frame.
  scrollToTopSelectors: ["#page"],
  defaultPendingComponent: PageSkeleton,
  defaultErrorComponent: RouteError,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

async function start(): Promise<void> {
  applyPreferences();
  await activateLanguage(preferences().language);
  const root = document.getElementById("root");
  if (!root) throw new Error("the page has no #root");
  createRoot(root).render(
    <StrictMode>
      <CSPProvider disableStyleElements>
        <I18nProvider i18n={i18n}>
          <RouterProvider router={router} />
        </I18nProvider>
      </CSPProvider>
    </StrictMode>,
  );
}

void start();
