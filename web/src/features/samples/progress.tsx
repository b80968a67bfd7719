import { useLingui } from "@lingui/react/macro";
import type { SampleSummary } from "@/api/types";

/** How far the results of a sample are: verified, entered, still to do. Words for whoever cannot see the bar. */
export function Progress({ counts }: { counts: SampleSummary["counts"] }) {
  const { t } = useLingui();
  const total = counts.pending + counts.entered + counts.verified;
  if (total === 0) return <span className="text-faint">–</span>;
  const text = t`${counts.verified} verified, ${counts.entered} to verify, ${counts.pending} pending`;
  return (
    <span className="flex items-center gap-2" title={text}>
      <span aria-hidden className="flex h-1.5 w-16 gap-px overflow-hidden rounded-full bg-line">
        <span className="bg-green" style={{ width: `${(counts.verified / total) * 100}%` }} />
        <span className="bg-amber" style={{ width: `${(counts.entered / total) * 100}%` }} />
      </span>
      <span aria-hidden className="text-xs text-muted">
        {counts.verified}/{total}
      </span>
      <span className="sr-only">{text}</span>
    </span>
  );
}
