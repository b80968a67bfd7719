import { useLingui } from "@lingui/react/macro";
import { createLink } from "@tanstack/react-router";
import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx";

/** The few views of one list, side by side over it. */
export function Views({ children, className }: { children: ReactNode; className?: string }) {
  const { t } = useLingui();
  return (
    <nav aria-label={t`Views`} className={cx("-mx-1 flex gap-1 overflow-x-auto px-1 py-0.5", className)}>
      {children}
    </nav>
  );
}

function ViewAnchor({ current, children, ...rest }: ComponentProps<"a"> & { current: boolean }) {
  return (
    <a
      {...rest}
      // All views have one path: which of them is shown is for the list to say, not for the router.
      aria-current={current ? "true" : undefined}
      className={cx(
        "flex min-h-[var(--control)] items-center rounded-md px-3 whitespace-nowrap",
        current ? "bg-selected font-medium text-accent" : "text-muted hover:bg-hover hover:text-ink",
      )}
    >
      {children}
    </a>
  );
}
/** One of them: a link, so that it can be opened elsewhere and stands in the address. */
export const View = createLink(ViewAnchor);
