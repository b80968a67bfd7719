import { useLingui } from "@lingui/react/macro";
import type { SpecificationLimit } from "@/api/types";
import { limitText } from "@/features/results/marks";
import { alarmText } from "./limits";
import { useCatalogueWords } from "./words";

/** One limit to read, in a line where there is room: for whom, its limits, and beyond what somebody is warned or told at once. */
export function LimitLine({ limit, personal }: { limit: SpecificationLimit; personal: boolean }) {
  const { t } = useLingui();
  const words = useCatalogueWords();
  return (
    <div className="grid min-w-0 flex-1 gap-x-3 sm:grid-cols-[minmax(0,1.3fr)_1fr_1fr_1fr] sm:items-baseline">
      {personal && <span className="text-muted first-letter:uppercase">{words.forWhom(limit)}</span>}
      <span className="mono">{limitText(limit) ?? "–"}</span>
      <Alarm className="text-amber" label={t`Warning`} text={alarmText(limit, "warn")} />
      <Alarm className="text-red" label={t`Critical`} text={alarmText(limit, "critical")} />
    </div>
  );
}

function Alarm({ label, text, className }: { label: string; text: string | null; className: string }) {
  return text ? (
    <span className={className}>
      <span className="text-xs">{label}</span> <span className="mono whitespace-pre">{text}</span>
    </span>
  ) : (
    <span className="hidden sm:inline" />
  );
}
