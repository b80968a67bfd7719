import { createFileRoute, redirect } from "@tanstack/react-router";
import { preferences, setPreferences } from "@/session/preferences";
import { whoAmI } from "@/session/who";
import { activateLanguage, loadWords } from "@/i18n";
import { Shell } from "@/shell/shell";

export const Route = createFileRoute("/_lab")({
  beforeLoad: async ({ location }) => {
    const me = await whoAmI();
    if (!me) throw redirect({ to: "/sign-in", search: location.href === "/" ? {} : { next: location.href } });
    if (me.language !== preferences().language && !languageWasChosenHere()) {
      setPreferences({ language: me.language });
      await activateLanguage(me.language);
    }
    const back = location.href === "/" ? {} : { next: location.href };
    if (me.must.length > 0) throw redirect({ to: "/set-up", search: back });
    if (me.locked) throw redirect({ to: "/locked", search: back });
    await loadWords(location.pathname === "/" ? "first" : "whole");
    return { me };
  },
  component: Shell,
});

/** A choice made in this browser before signing in wins over the one stored with the person. */
function languageWasChosenHere(): boolean {
  try {
    return localStorage.getItem("attest.preferences")?.includes('"language"') ?? false;
  } catch {
    return false;
  }
}
