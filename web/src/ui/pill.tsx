import type { ReactNode } from "react";
import { cx } from "./cx";

export type Tone = "grey" | "blue" | "violet" | "amber" | "green" | "red" | "accent" | "critical";

const tones: Record<Tone, string> = {
  grey: "bg-grey-tint text-grey",
  blue: "bg-blue-tint text-blue",
  violet: "bg-violet-tint text-violet",
  amber: "bg-amber-tint text-amber",
  green: "bg-green-tint text-green",
  red: "bg-red-tint text-red",
  accent: "bg-accent-tint text-accent",
  critical: "bg-critical text-on-critical",
};

/** A mark that is only an icon; its meaning is its name and its hint. */
export function IconPill({ tone, icon, label }: { tone: Tone; icon: ReactNode; label: string }) {
  return (
    <span
      role="img"
      aria-label={label}
      title={label}
      className={cx("inline-grid size-5 shrink-0 place-items-center rounded-sm [&_svg]:size-3.5", tones[tone])}
    >
      {icon}
    </span>
  );
}

/** A status: icon and word on a soft tint. Only what is critical is solid. The word truncates rather than overflows. */
export function Pill({
  tone,
  icon,
  children,
  title,
  className,
}: {
  tone: Tone;
  icon?: ReactNode;
  children: ReactNode;
  title?: string;
  className?: string;
}) {
  return (
    <span
      title={title}
      className={cx(
        "inline-flex h-5 max-w-full items-center gap-1 rounded-sm px-1.5 text-xs font-medium whitespace-nowrap [&_svg]:size-3.5 [&_svg]:shrink-0",
        tones[tone],
        className,
      )}
    >
      {icon}
      <span className="truncate">{children}</span>
    </span>
  );
}
