import { Trans, useLingui } from "@lingui/react/macro";
import { QueryClientProvider } from "@tanstack/react-query";
import { Outlet, useNavigate, useRouter, useRouterState } from "@tanstack/react-router";
import { Menu as MenuIcon, Search, TriangleAlert } from "lucide-react";
import { Suspense, useCallback, useEffect, useRef, useState } from "react";
import { call, onHold, onSessionEnd } from "@/api/client";
import { queryClient } from "@/api/queries";
import { loadWords } from "@/i18n";
import { IdleWarning } from "@/session/idle";
import { LeaveHost } from "@/session/leaving";
import { lock, useLocked } from "@/session/lock";
import { OfflineBanner } from "@/session/offline";
import { park } from "@/session/parking";
import { setMe, useMay, useMe } from "@/session/session";
import { StepUpHost } from "@/session/step-up";
import { SupportBanner } from "@/session/support";
import { leaveSession, readMe, signOut } from "@/session/who";
import { IconButton } from "@/ui/button";
import { useMedia } from "@/ui/media";
import { part } from "@/ui/part";
import { loadAllPages } from "./all-pages";
import { Mark } from "./mark";
import { visibleSections } from "./navigation";
import { useScanner } from "./scanner";
import { useKeys } from "./shortcuts";
import { SideBar } from "./side-bar";

const Palette = part(() => import("./palette").then((module) => module.Palette));
const ShortcutsDialog = part(() => import("./shortcuts-dialog").then((module) => module.ShortcutsDialog));
const Drawer = part(() => import("./drawer").then((module) => module.Drawer));

const LockScreen = part(() =>
  Promise.all([import("@/features/access/lock-screen"), loadWords("whole")]).then(([module]) => module.LockScreen),
);

/** The frame around every screen of a signed-in person. */
export function Shell() {
  return (
    <QueryClientProvider client={queryClient}>
      <Frame />
    </QueryClientProvider>
  );
}

function Frame() {
  const { t } = useLingui();
  const me = useMe();
  const may = useMay();
  const navigate = useNavigate();
  const router = useRouter();
  const wide = useMedia("(min-width: 64rem)");
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const [drawer, setDrawer] = useState(false);
  const early = useRef("");
  useEffect(() => {
    if (!palette) early.current = "";
  }, [palette]);

  const leave = useCallback(() => {
    const next = router.state.location.href;
    void leaveSession(() => navigate({ to: "/sign-in", search: { next, ended: true } }));
  }, [navigate, router]);
  useEffect(() => onSessionEnd(leave), [leave]);
  useEffect(() => loadAllPages(router), [router]);
  // Something must be set up before the work goes on: the router leads there once it knows.
  useEffect(
    () =>
      onHold((hold) => {
        if (hold === "setup-required")
          void readMe()
            .then(setMe)
            .then(() => router.invalidate());
      }),
    [router],
  );
  const locked = useLocked();
  const switchPerson = useCallback(() => {
    return park(() => navigate({ to: "/switch" }), router.state.location.pathname);
  }, [navigate, router]);

  const pathname = useRouterState({ select: (state) => state.location.pathname });
  useFocusOnRoute(pathname);
  useEffect(() => setDrawer(false), [pathname]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      const key = event.key.toLowerCase();
      if (key !== "k" && key !== "l") return;
      event.preventDefault();
      if (key === "k") setPalette((open) => !open);
      else lock();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);

  const destinations = visibleSections(may, me.laboratory.kind).flatMap((section) => section.items);
  const goKeys = Object.fromEntries(
    destinations.filter((each) => each.key).map((each) => [`g ${each.key}`, () => void navigate({ to: each.to })]),
  );
  useKeys({
    ...goKeys,
    "?": () => setHelp(true),
    "/": () => (document.querySelector<HTMLInputElement>("main input[type=search]") ?? null)?.focus(),
  });
  useScanner((text) => {
    if (!may("sample:read") || pathname === "/samples/receive") return;
    void call("GET /samples/by-accession/{number}", { path: { number: text } }).then(
      (sample) => navigate({ to: "/samples/$id", params: { id: sample.id } }),
      () => navigate({ to: "/samples", search: { q: text } }),
    );
  });

  return (
    <div className="flex h-full flex-col">
      <a
        href="#page"
        className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-accent focus:px-3 focus:py-2 focus:text-on-accent"
      >
        <Trans>Skip to the page</Trans>
      </a>
      {me.laboratory.demonstration && <DemonstrationBanner />}
      <div className="flex min-h-0 flex-1">
        {wide && <SideBar onSearch={() => setPalette(true)} onHelp={() => setHelp(true)} />}
        <div className="flex min-w-0 flex-1 flex-col">
          {!wide && (
            <header className="flex items-center gap-2 border-b border-line bg-surface px-2 py-1">
              <IconButton label={t`Open navigation`} icon={<MenuIcon />} onClick={() => setDrawer(true)} />
              <Mark className="size-6" />
              <span className="min-w-0 flex-1 truncate font-semibold">{me.laboratory.name}</span>
              <IconButton label={t`Search`} icon={<Search />} onClick={() => setPalette(true)} />
            </header>
          )}
          <OfflineBanner />
          <SupportBanner />
          <main id="page" className="relative min-h-0 flex-1 overflow-y-auto">
            <Outlet />
          </main>
        </div>
      </div>
      <Suspense>
        {!wide && drawer && (
          <Drawer onClose={() => setDrawer(false)}>
            <SideBar onSearch={() => setPalette(true)} onHelp={() => setHelp(true)} drawer />
          </Drawer>
        )}
        {palette && (
          <Suspense fallback={<PaletteComes onText={(text) => (early.current = text)} />}>
            <Palette initial={() => early.current} onClose={() => setPalette(false)} destinations={destinations} />
          </Suspense>
        )}
        {help && <ShortcutsDialog onClose={() => setHelp(false)} destinations={destinations} />}
      </Suspense>
      <StepUpHost />
      <LeaveHost
        onSwitch={switchPerson}
        onSignOut={() => void signOut(() => navigate({ to: "/sign-in", search: {} }))}
      />
      {!locked && <IdleWarning onExpired={leave} />}
      {locked && (
        <Suspense fallback={<div className="fixed inset-0 z-50 bg-canvas" />}>
          <LockScreen
            onSignOut={() => void signOut(() => navigate({ to: "/sign-in", search: {} }))}
            onSwitch={switchPerson}
          />
        </Suspense>
      )}
    </div>
  );
}

/** Takes what is typed right after Ctrl+K, before the palette's code is there. */
function PaletteComes({ onText }: { onText: (text: string) => void }) {
  const { t } = useLingui();
  return (
    <div className="popup fixed top-[10vh] left-1/2 z-50 w-[calc(100vw-1.5rem)] max-w-xl -translate-x-1/2 ps-10 pe-4">
      <input
        // The key that asked for it was meant for this field.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        aria-label={t`Search or go to…`}
        className="h-12 w-full bg-transparent text-base outline-none"
        onChange={(event) => onText(event.target.value)}
      />
    </div>
  );
}

function DemonstrationBanner() {
  const { t } = useLingui();
  return (
    <section
      aria-label={t`Demonstration`}
      className="flex items-center justify-center gap-2 bg-amber-tint px-3 py-1 text-xs text-amber"
    >
      <TriangleAlert aria-hidden className="size-3.5 shrink-0" />
      <span>
        <Trans>Demonstration laboratory. No second factor is asked; put no real samples in.</Trans>
      </span>
    </section>
  );
}

/** After a change of route the focus goes to the page's heading, unless the page put it somewhere itself. */
function useFocusOnRoute(pathname: string): void {
  const [first, setFirst] = useState(pathname);
  useEffect(() => {
    if (pathname === first) return;
    setFirst("");
    const timer = window.setTimeout(() => {
      const main = document.getElementById("page");
      if (main?.contains(document.activeElement) && document.activeElement !== main) return;
      document.getElementById("page-title")?.focus({ preventScroll: true });
    }, 50);
    return () => window.clearTimeout(timer);
    // Only a change of path moves the focus.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [pathname]);
}
