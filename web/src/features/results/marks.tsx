import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { useLingui } from "@lingui/react/macro";
import {
  ArrowDown,
  ArrowUp,
  ChevronsDown,
  ChevronsUp,
  CircleAlert,
  CircleCheck,
  CircleHelp,
  type LucideIcon,
  Siren,
} from "lucide-react";
import type { Flag, Limits, Statement } from "@/api/types";
import { Pill, type Tone } from "@/ui/pill";

const flags: Record<Flag, { letter: string; label: MessageDescriptor; icon: LucideIcon; tone: Tone }> = {
  L: { letter: "L", label: msg`Below the limit`, icon: ArrowDown, tone: "red" },
  H: { letter: "H", label: msg`Above the limit`, icon: ArrowUp, tone: "red" },
  LL: { letter: "LL", label: msg`Far below the limit`, icon: ChevronsDown, tone: "red" },
  HH: { letter: "HH", label: msg`Far above the limit`, icon: ChevronsUp, tone: "red" },
  warn_low: { letter: "W", label: msg`Below the warning limit`, icon: ArrowDown, tone: "amber" },
  warn_high: { letter: "W", label: msg`Above the warning limit`, icon: ArrowUp, tone: "amber" },
  critical_low: { letter: "C", label: msg`Critically low`, icon: Siren, tone: "critical" },
  critical_high: { letter: "C", label: msg`Critically high`, icon: Siren, tone: "critical" },
};

/** A flag by letter, arrow and colour; never by colour alone. */
export function FlagMark({ flag }: { flag: Flag }) {
  const { i18n } = useLingui();
  const look = flags[flag];
  return (
    <Pill tone={look.tone} icon={<look.icon aria-hidden />} title={i18n._(look.label)}>
      <span aria-hidden>{look.letter}</span>
      <span className="sr-only">{i18n._(look.label)}</span>
    </Pill>
  );
}

const statements: Record<Statement, { label: MessageDescriptor; icon: LucideIcon; className: string }> = {
  pass: { label: msg`Pass`, icon: CircleCheck, className: "text-green" },
  conditional_pass: { label: msg`Conditional pass`, icon: CircleCheck, className: "text-green" },
  conditional_fail: { label: msg`Conditional fail`, icon: CircleAlert, className: "text-amber" },
  fail: { label: msg`Fail`, icon: CircleAlert, className: "text-red" },
  no_statement: { label: msg`No statement`, icon: CircleHelp, className: "text-muted" },
};

export function StatementMark({ statement }: { statement: Statement }) {
  const { i18n } = useLingui();
  const look = statements[statement];
  return (
    <span className={`inline-flex items-center gap-1.5 whitespace-nowrap ${look.className}`}>
      <look.icon aria-hidden className="size-4 shrink-0" />
      {i18n._(look.label)}
    </span>
  );
}

/** "6.5 – 9.5", "≤ 0.005", "≥ 2"; null when nothing limits. */
export function limitText(limits: Pick<Limits, "low" | "high" | "text"> | null): string | null {
  if (!limits) return null;
  const { low, high, text } = limits;
  if (low !== null && high !== null) return `${low} – ${high}`;
  if (high !== null) return `≤ ${high}`;
  if (low !== null) return `≥ ${low}`;
  return text;
}
