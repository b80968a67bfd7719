import { QueryClientProvider } from "@tanstack/react-query";
import { createFileRoute, redirect, useRouter } from "@tanstack/react-router";
import { useCallback, useEffect } from "react";
import * as v from "valibot";
import { onSessionEnd } from "@/api/client";
import { queryClient } from "@/api/queries";
import { LockScreen } from "@/features/access/lock-screen";
import { loadWords } from "@/i18n";
import { useLocked } from "@/session/lock";
import { safeNext } from "@/session/next";
import { park } from "@/session/parking";
import { leaveSession, signOut, whoAmI } from "@/session/who";

export const Route = createFileRoute("/locked")({
  validateSearch: v.object({ next: v.optional(v.string()) }),
  beforeLoad: async ({ search }) => {
    const me = await whoAmI();
    if (!me) throw redirect({ to: "/sign-in", search });
    if (!me.locked) throw redirect({ href: safeNext(search.next) });
    await loadWords("whole");
    (await import("@/session/lock")).lockedFromTheStart();
  },
  component: LockedPage,
});

/** Where a reload of a locked screen leads: nothing is read until it is unlocked. */
function LockedPage() {
  const router = useRouter();
  const { next } = Route.useSearch();
  const locked = useLocked();
  const toSignIn = useCallback(() => router.navigate({ to: "/sign-in", search: next ? { next } : {} }), [router, next]);
  useEffect(() => onSessionEnd(() => void leaveSession(toSignIn)), [toSignIn]);
  useEffect(() => {
    if (!locked) void router.navigate({ href: safeNext(next), replace: true });
  }, [locked, router, next]);
  return (
    <QueryClientProvider client={queryClient}>
      {locked && (
        <LockScreen
          onSignOut={() => void signOut(toSignIn)}
          onSwitch={() => park(() => router.navigate({ to: "/switch" }))}
        />
      )}
    </QueryClientProvider>
  );
}
