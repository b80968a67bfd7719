import { createLink } from "@tanstack/react-router";
import { LoaderCircle } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx";
import { Tooltip } from "./tooltip";

type Tone = "primary" | "secondary" | "ghost" | "danger";

const tones: Record<Tone, string> = {
  primary:
    "bg-accent text-on-accent hover:bg-accent-strong border border-transparent aria-disabled:bg-sunken aria-disabled:text-muted aria-disabled:border-line",
  secondary:
    "bg-surface text-ink border border-line-strong hover:bg-hover aria-disabled:bg-sunken aria-disabled:text-muted aria-disabled:border-line",
  ghost:
    "text-ink border border-transparent hover:bg-hover aria-disabled:text-muted aria-disabled:hover:bg-transparent",
  danger:
    "bg-surface text-red border border-line-strong hover:bg-red-tint hover:border-red aria-disabled:bg-sunken aria-disabled:text-muted aria-disabled:border-line",
};

function buttonClass(tone: Tone, extra?: string, square = false): string {
  return cx(
    "inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap select-none min-h-[var(--control)] transition-colors duration-75 [&_svg]:size-4 [&_svg]:shrink-0",
    square ? "min-w-[var(--control)]" : "px-3",
    tones[tone],
    extra,
  );
}

export interface ButtonProps extends Omit<ComponentProps<"button">, "disabled"> {
  tone?: Tone;
  icon?: ReactNode;
  busy?: boolean;
  /** Why it cannot be used now; shown as its tooltip. The button stays focusable so that everybody can learn why. */
  disabledReason?: ReactNode;
  /** Keyboard shortcut to show, e.g. "R". */
  shortcut?: string;
}

export function Button({
  tone = "secondary",
  icon,
  busy,
  disabledReason,
  shortcut,
  className,
  children,
  onClick,
  type = "button",
  ...rest
}: ButtonProps) {
  const off = Boolean(disabledReason) || busy;
  const button = (
    <button
      {...rest}
      // oxlint-disable-next-line react/button-has-type
      type={off && type === "submit" ? "button" : type}
      aria-disabled={off || undefined}
      aria-busy={busy || undefined}
      aria-keyshortcuts={shortcut}
      className={buttonClass(tone, className)}
      onClick={off ? (event) => event.preventDefault() : onClick}
    >
      {busy ? <LoaderCircle aria-hidden className="animate-spin" /> : icon}
      {children}
      {shortcut && <Kbd>{shortcut}</Kbd>}
    </button>
  );
  return disabledReason ? <Tooltip text={disabledReason}>{button}</Tooltip> : button;
}

/** A square button that shows only an icon; `label` names it for everybody. */
export function IconButton({
  label,
  icon,
  className,
  tone = "ghost",
  ...rest
}: Omit<ButtonProps, "children" | "icon"> & { label: string; icon: ReactNode }) {
  const { disabledReason, busy, shortcut, ...plain } = rest;
  const off = Boolean(disabledReason) || busy;
  return (
    <Tooltip text={disabledReason ?? label}>
      <button
        type="button"
        {...plain}
        aria-label={label}
        aria-keyshortcuts={shortcut}
        aria-disabled={off || undefined}
        onClick={off ? undefined : plain.onClick}
        className={buttonClass(tone, className, true)}
      >
        {icon}
      </button>
    </Tooltip>
  );
}

function PlainLink({
  tone = "secondary",
  icon,
  className,
  children,
  ...rest
}: ComponentProps<"a"> & { tone?: Tone; icon?: ReactNode }) {
  return (
    <a {...rest} className={buttonClass(tone, className)}>
      {icon}
      {children}
    </a>
  );
}
/** A link that looks like a button. */
export const ButtonLink = createLink(PlainLink);

export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd
      aria-hidden
      className="rounded-sm border border-current/25 px-1 font-sans text-2xs leading-4 font-medium pointer-coarse:hidden"
    >
      {children}
    </kbd>
  );
}
