import { useLingui } from "@lingui/react/macro";
import { createLink } from "@tanstack/react-router";
import { type ComponentProps, type ReactNode, useEffect, useRef } from "react";
import { cx } from "./cx";

/** The few views of one list, side by side over it. */
export function Views({ children, className }: { children: ReactNode; className?: string }) {
  const { t } = useLingui();
  const strip = useRef<HTMLElement>(null);
  // Where they do not all fit, the one that is shown is not left beyond the edge.
  useEffect(() => {
    const shown = strip.current?.querySelector<HTMLElement>("[aria-current]");
    if (strip.current && shown) reveal(strip.current, shown);
  });
  return (
    <nav
      ref={strip}
      aria-label={t`Views`}
      className={cx("relative -mx-1 flex gap-1 overflow-x-auto px-1 py-0.5", className)}
    >
      {children}
    </nav>
  );
}

/** Scrolls the strip alone, and never the page. */
function reveal(strip: HTMLElement, view: HTMLElement) {
  const over = view.offsetLeft + view.offsetWidth - strip.scrollLeft - strip.clientWidth;
  if (over > 0) strip.scrollLeft += over;
  else if (view.offsetLeft < strip.scrollLeft) strip.scrollLeft = view.offsetLeft;
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
