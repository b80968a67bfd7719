import { createFileRoute, redirect, useRouter } from "@tanstack/react-router";
import { SwitchPerson } from "@/features/access/switch-person";
import { loadWords } from "@/i18n";
import { whoAmI } from "@/session/who";
import { Front } from "@/shell/front";

export const Route = createFileRoute("/switch")({
  beforeLoad: async () => {
    if (await whoAmI().catch(() => null)) throw redirect({ to: "/" });
    await loadWords("whole");
  },
  component: SwitchPage,
});

/** Between two people at a shared computer: who is parked here, and the way in for everybody else. */
function SwitchPage() {
  const router = useRouter();
  return (
    <Front>
      <SwitchPerson
        onDone={async (to) => {
          await router.invalidate();
          await router.navigate({ href: to, replace: true });
        }}
      />
    </Front>
  );
}
