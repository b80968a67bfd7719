import { QueryClientProvider } from "@tanstack/react-query";
import { createFileRoute, redirect, useRouter } from "@tanstack/react-router";
import { Suspense, useCallback, useEffect } from "react";
import * as v from "valibot";
import { onSessionEnd } from "@/api/client";
import { queryClient } from "@/api/queries";
import { SetUpWizard } from "@/features/access/set-up";
import { loadWords } from "@/i18n";
import { safeNext } from "@/session/next";
import { StepUpHost } from "@/session/step-up";
import { leaveSession, signOut, whoAmI } from "@/session/who";
import { Front } from "@/shell/front";

export const Route = createFileRoute("/set-up")({
  validateSearch: v.object({ next: v.optional(v.string()) }),
  beforeLoad: async ({ search }) => {
    const me = await whoAmI();
    if (!me) throw redirect({ to: "/sign-in", search });
    if (me.must.length === 0) throw redirect({ href: safeNext(search.next) });
    await loadWords("whole");
  },
  component: SetUpPage,
});

function SetUpPage() {
  const router = useRouter();
  const { next } = Route.useSearch();
  const toSignIn = useCallback(() => router.navigate({ to: "/sign-in", search: next ? { next } : {} }), [router, next]);
  useEffect(() => onSessionEnd(() => void leaveSession(toSignIn)), [toSignIn]);
  useEffect(() => {
    document.title = "Attest";
  }, []);
  return (
    <QueryClientProvider client={queryClient}>
      <Front wide>
        <Suspense>
          <SetUpWizard
            onReady={() => void router.navigate({ href: safeNext(next), replace: true })}
            onSignOut={() => void signOut(toSignIn)}
          />
        </Suspense>
      </Front>
      <StepUpHost />
    </QueryClientProvider>
  );
}
