import type { ReactNode } from "react";
import { useEffect } from "react";
import { cx } from "./cx";
import { None } from "./none";

/**
 * One screen: a head that stays and a body. `fill` gives the body the remaining height, for lists that scroll inside.
 * The heading takes the focus after a change of route, so that screen readers hear where they are.
 */
export function Page({
  title,
  marks,
  lead,
  actions,
  above,
  children,
  fill,
  documentTitle,
}: {
  title: ReactNode;
  /** Pills beside the title. */
  marks?: ReactNode;
  /** Plain text for the browser tab when the title is not text. */
  documentTitle?: string;
  lead?: ReactNode;
  actions?: ReactNode;
  /** Small line over the title: where this belongs. */
  above?: ReactNode;
  children: ReactNode;
  fill?: boolean;
}) {
  const tab = documentTitle ?? (typeof title === "string" ? title : "");
  useEffect(() => {
    document.title = tab ? `${tab} · Attest` : "Attest";
  }, [tab]);
  return (
    <div className={cx("mx-auto flex w-full flex-col", fill ? "h-full" : "max-w-[88rem] pb-16")}>
      <header className="flex flex-wrap items-end gap-x-4 gap-y-3 px-4 pt-5 pb-4 sm:px-6">
        <div className="min-w-0 flex-1 basis-64">
          {above && <div className="mb-0.5 flex items-center gap-1 text-xs text-muted">{above}</div>}
          <h1 id="page-title" tabIndex={-1} className="text-xl font-semibold tracking-tight break-words outline-none">
            {marks ? (
              <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
                <span className="min-w-0">{title}</span> {marks}
              </span>
            ) : (
              title
            )}
          </h1>
          {lead && <div className="mt-0.5 max-w-3xl text-muted">{lead}</div>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      <div className={cx(fill ? "flex min-h-0 flex-1 flex-col" : "px-4 sm:px-6")}>{children}</div>
    </div>
  );
}

/** A titled surface. */
export function Card({
  title,
  marks,
  actions,
  children,
  className,
  flush,
  id,
}: {
  title?: ReactNode;
  /** Pills beside the title, or below it where there is no room; the actions then keep their corner. */
  marks?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  className?: string;
  flush?: boolean;
  id?: string;
}) {
  return (
    <section
      id={id}
      aria-labelledby={title && id ? `${id}-title` : undefined}
      className={cx("min-w-0 rounded-lg border border-line bg-surface", className)}
    >
      {title && (
        <div className={cx("flex min-h-11 items-center gap-2 border-b border-line px-4 py-1.5", !marks && "flex-wrap")}>
          <div className="flex min-w-0 flex-auto flex-wrap items-center gap-x-2 gap-y-1">
            <h2 id={id ? `${id}-title` : undefined} className="min-w-0 flex-auto font-semibold">
              {title}
            </h2>
            {marks}
          </div>
          {actions}
        </div>
      )}
      <div className={flush ? "" : "p-4"}>{children}</div>
    </section>
  );
}

/** Facts as term and value, two columns that fold on narrow screens. */
export function Facts({ items }: { items: readonly (readonly [term: ReactNode, value: ReactNode] | false | null)[] }) {
  return (
    <dl className="grid grid-cols-[minmax(7rem,2fr)_3fr] gap-x-4 gap-y-2">
      {items.map((item, index) =>
        item ? (
          // The order of facts is fixed, so the index is their identity.
          // oxlint-disable-next-line react/no-array-index-key
          <div key={index} className="contents">
            <dt className="text-muted">{item[0]}</dt>
            <dd className="min-w-0">{item[1] ?? <None />}</dd>
          </div>
        ) : null,
      )}
    </dl>
  );
}

/** A line that says something happened or matters; stays until it is no longer true. */
export function Notice({
  tone = "accent",
  icon,
  children,
  className,
}: {
  tone?: "accent" | "amber" | "green" | "red";
  icon?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  const tones = {
    accent: "bg-accent-tint text-accent-strong",
    amber: "bg-amber-tint text-amber",
    green: "bg-green-tint text-green",
    red: "bg-red-tint text-red",
  };
  return (
    <div
      role="status"
      className={cx(
        "flex items-start gap-2 rounded-md px-3 py-2 [&_svg]:mt-0.5 [&_svg]:size-4 [&_svg]:shrink-0",
        tones[tone],
        className,
      )}
    >
      {icon}
      <div className="min-w-0 flex-1">{children}</div>
    </div>
  );
}

/** Holds what may be wider than the screen; it can be scrolled with the keyboard too. */
export function ScrollX({ label, children }: { label: string; children: ReactNode }) {
  return (
    // A region that scrolls must be reachable without a pointer (WCAG 2.1.1).
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div role="region" aria-label={label} tabIndex={0} className="overflow-x-auto focus-visible:-outline-offset-2">
      {children}
    </div>
  );
}
