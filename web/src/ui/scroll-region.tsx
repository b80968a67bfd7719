import type { ReactNode } from "react";
import { cx } from "./cx";

/**
 * Something wide or long that scrolls by itself. It can take the focus, so that the arrow keys scroll it (WCAG 2.1.1). A
 * group, not a region: the card around it is the landmark.
 */
export function ScrollRegion({
  label,
  className,
  children,
}: {
  label: string;
  className: string;
  children: ReactNode;
}) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div role="group" aria-label={label} tabIndex={0} className={cx("relative", className)}>
      {children}
    </div>
  );
}
