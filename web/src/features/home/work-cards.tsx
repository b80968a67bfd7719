import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { useLingui } from "@lingui/react/macro";
import { Link, type LinkProps } from "@tanstack/react-router";
import {
  Clock,
  type LucideIcon,
  PackageCheck,
  PenLine,
  ScrollText,
  Send,
  ShieldCheck,
  Siren,
  SquarePen,
} from "lucide-react";
import type { Work } from "@/api/types";
import { cx } from "@/ui/cx";
import { Skeleton } from "@/ui/states";

interface WorkCard {
  count: keyof Work;
  label: MessageDescriptor;
  icon: LucideIcon;
  /** Shown to whoever can do something about it. */
  permissions: readonly string[];
  link: Pick<LinkProps, "to" | "search">;
  alarm?: boolean;
}

/** Each count of GET /work and the page where it is worked off. Pages of results and reports put their routes here. */
const cards: readonly WorkCard[] = [
  {
    count: "critical_open",
    label: msg`Critical values to notify`,
    icon: Siren,
    permissions: ["critical:notify"],
    link: { to: "/results/critical" },
    alarm: true,
  },
  {
    count: "to_receive",
    label: msg`To receive`,
    icon: PackageCheck,
    permissions: ["sample:receive"],
    link: { to: "/samples/receive" },
  },
  {
    count: "to_enter",
    label: msg`Results to enter`,
    icon: PenLine,
    permissions: ["result:enter"],
    link: { to: "/results" },
  },
  {
    count: "to_verify",
    label: msg`Results to verify`,
    icon: ShieldCheck,
    permissions: ["result:verify"],
    link: { to: "/verification" },
  },
  {
    count: "to_authorize",
    label: msg`Reports to authorise`,
    icon: ScrollText,
    permissions: ["report:authorize"],
    link: { to: "/reports", search: { status: "draft" } },
  },
  {
    count: "to_release",
    label: msg`Reports to release`,
    icon: Send,
    permissions: ["report:release"],
    link: { to: "/reports", search: { status: "authorized" } },
  },
  {
    count: "under_correction",
    label: msg`Reports under correction`,
    icon: SquarePen,
    permissions: ["report:draft", "report:authorize"],
    link: { to: "/reports", search: { under_correction: true } },
  },
  {
    count: "overdue",
    label: msg`Overdue results`,
    icon: Clock,
    permissions: ["result:enter", "result:verify"],
    link: { to: "/results", search: { show: "both" } },
    alarm: true,
  },
];

/** Whether any of the counts concerns a person with these permissions. */
export function hasWork(may: (permission: string) => boolean): boolean {
  return cards.some((card) => card.permissions.some(may));
}

/** What waits for this person, biggest first glance: a number, a word, one click to the work. */
export function WorkCards({ work, may }: { work: Work | undefined; may: (permission: string) => boolean }) {
  const { i18n } = useLingui();
  const mine = cards.filter((card) => card.permissions.some(may));
  return (
    <ul className="grid grid-cols-2 gap-3 sm:grid-cols-[repeat(auto-fit,minmax(15rem,1fr))]">
      {mine.map((card) => {
        const count = work?.[card.count];
        const alarm = card.alarm && (count ?? 0) > 0;
        return (
          <li key={card.count}>
            <Link
              {...card.link}
              className={cx(
                "group flex h-full items-center gap-4 rounded-lg border bg-surface px-4 py-3.5 transition-colors hover:border-accent max-sm:flex-col max-sm:items-start max-sm:gap-3",
                alarm ? "border-red/60" : "border-line",
              )}
            >
              <span
                aria-hidden
                className={cx(
                  "grid size-10 shrink-0 place-items-center rounded-md [&_svg]:size-5",
                  alarm
                    ? "bg-critical text-on-critical"
                    : count === 0
                      ? "bg-sunken text-faint"
                      : "bg-accent-tint text-accent",
                )}
              >
                <card.icon />
              </span>
              <span className="min-w-0">
                {count === undefined ? (
                  <Skeleton className="my-1 h-6 w-10" />
                ) : (
                  <span
                    className={cx(
                      "block text-2xl font-semibold tracking-tight",
                      alarm && "text-red",
                      count === 0 && "font-normal text-faint",
                    )}
                  >
                    {count >= 1000 ? "1000+" : count}
                  </span>
                )}
                <span className="block text-muted group-hover:text-ink">{i18n._(card.label)}</span>
              </span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
