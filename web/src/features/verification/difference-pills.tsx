import { useLingui } from "@lingui/react/macro";
import {
  ArrowUpDown,
  ClockAlert,
  ExternalLink,
  MessageSquareText,
  PenLine,
  Ruler,
  Repeat2,
  Siren,
  TriangleAlert,
} from "lucide-react";
import type { Result } from "@/api/types";
import { Pill } from "@/ui/pill";
import { changeOf, type Difference, differencesOf } from "./differences";

/** Why a result deserves a second look, in words. */
export function DifferencePills({
  result,
  most = 9,
  without,
  counted,
}: {
  result: Result;
  most?: number;
  without?: Difference;
  /** Says how many more there are. */
  counted?: boolean;
}) {
  const { t } = useLingui();
  const change = changeOf(result);
  const percent =
    change === null
      ? ""
      : `${change > 0 ? "+" : "−"}${Math.abs(change) >= 9.995 ? "999" : Math.round(Math.abs(change) * 100)} %`;
  const looks = {
    critical: { tone: "critical", icon: Siren, text: t`Critical` },
    limits: { tone: "red", icon: Ruler, text: t`Outside the limits` },
    change: { tone: "violet", icon: ArrowUpDown, text: t`${percent} against the previous` },
    corrected: { tone: "amber", icon: PenLine, text: t`Corrected` },
    hold_time: { tone: "amber", icon: ClockAlert, text: t`Holding time exceeded` },
    deviation: { tone: "amber", icon: TriangleAlert, text: t`Deviation` },
    retest: { tone: "blue", icon: Repeat2, text: t`Retest` },
    warning: { tone: "amber", icon: Ruler, text: t`Near the limit` },
    external: { tone: "grey", icon: ExternalLink, text: t`From outside` },
    remark: { tone: "grey", icon: MessageSquareText, text: t`Remark` },
  } as const;
  const kinds = differencesOf(result).filter((kind) => kind !== without);
  return (
    <>
      {kinds.slice(0, most).map((kind) => {
        const { tone, icon: Icon, text } = looks[kind];
        return (
          <Pill key={kind} tone={tone} icon={<Icon aria-hidden />} className="min-w-0" title={text}>
            {text}
          </Pill>
        );
      })}
      {counted && kinds.length > most && (
        <span className="shrink-0 self-center text-xs text-muted">+{kinds.length - most}</span>
      )}
    </>
  );
}
