import { ChevronsUpDown } from "lucide-react";
import { cloneElement, Suspense, useState } from "react";
import { useMe } from "@/session/session";
import { cx } from "@/ui/cx";
import { part } from "@/ui/part";

const Choices = part(() => import("./user-choices").then((module) => module.UserChoices));

/** Who is signed in, and how this browser shows things to them. What can be chosen is loaded when it is wanted. */
export function UserMenu({ narrow, onHelp }: { narrow: boolean; onHelp: () => void }) {
  const me = useMe();
  const [wanted, setWanted] = useState(false);
  const initials = me.name
    .split(/\s+/)
    .map((name) => name[0] ?? "")
    .slice(0, 2)
    .join("")
    .toUpperCase();
  const trigger = (
    <button
      type="button"
      aria-label={narrow ? me.name : undefined}
      className={cx(
        "flex w-full min-h-11 items-center gap-2.5 rounded-md text-start hover:bg-hover",
        narrow ? "justify-center" : "px-2",
      )}
    >
      <span
        aria-hidden
        className="grid size-7 shrink-0 place-items-center rounded-full bg-accent-tint text-2xs font-semibold text-accent"
      >
        {initials}
      </span>
      {!narrow && (
        <>
          <span className="min-w-0 flex-1 leading-tight">
            <span className="block truncate font-medium">{me.name}</span>
            <span className="block truncate text-2xs text-muted">{me.roles.map((role) => role.name).join(", ")}</span>
          </span>
          <ChevronsUpDown aria-hidden className="size-3.5 text-muted" />
        </>
      )}
    </button>
  );
  if (!wanted)
    return cloneElement(trigger, {
      "aria-haspopup": "menu",
      "aria-expanded": false,
      onClick: () => setWanted(true),
      onPointerEnter: () => void Choices.load().catch(() => undefined),
    });
  return (
    <Suspense fallback={trigger}>
      <Choices trigger={trigger} onHelp={onHelp} />
    </Suspense>
  );
}
