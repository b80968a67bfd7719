import { useLingui } from "@lingui/react/macro";
import type { Result } from "@/api/types";
import { useNarrow } from "@/ui/media";

/** In its own units, close to the pixels that it has: so that its figures keep their size on a phone. */
const widths = { desk: 480, phone: 300 };

/** Where a value lies between its limits: the allowed range green, warning amber, the previous value hollow. */
export function RangeBar({ result }: { result: Result }) {
  const { t } = useLingui();
  const width = useNarrow() ? widths.phone : widths.desk;
  const { limits } = result;
  const value = Number(result.value);
  if (!limits || result.value === null || !Number.isFinite(value)) return null;
  const numeric = (text: string | null | undefined) =>
    text === null || text === undefined || !Number.isFinite(Number(text)) ? null : Number(text);
  const low = numeric(limits.low);
  const high = numeric(limits.high);
  const previous = numeric(result.previous?.value);
  const marks = [
    value,
    low,
    high,
    numeric(limits.warn_low),
    numeric(limits.warn_high),
    numeric(limits.critical_low),
    numeric(limits.critical_high),
    previous,
  ].filter((each) => each !== null);
  if (low === null && high === null) return null;
  const floor = Math.min(...marks, low === null ? 0 : low);
  const top = Math.max(...marks);
  const pad = (top - floor || Math.abs(top) || 1) * 0.12;
  const from = floor >= 0 && floor - pad < 0 ? 0 : floor - pad;
  const to = top + pad;
  const x = (at: number) => ((at - from) / (to - from)) * width;
  const okFrom = low === null ? 0 : x(low);
  const okTo = high === null ? width : x(high);
  const warnFrom = numeric(limits.warn_low);
  const warnTo = numeric(limits.warn_high);
  // Limits that stand close together are named together, or their figures would run into each other.
  const labels =
    low !== null && high !== null && x(high) - x(low) < 48
      ? [{ text: `${limits.low} – ${limits.high}`, at: (x(low) + x(high)) / 2 }]
      : [
          ...(low === null ? [] : [{ text: limits.low ?? "", at: x(low) }]),
          ...(high === null ? [] : [{ text: limits.high ?? "", at: x(high) }]),
        ];
  const label = t`${result.display ?? result.value} lies between ${limits.low ?? "–"} and ${limits.high ?? "–"}`;
  const out = (low !== null && value < low) || (high !== null && value > high);
  return (
    <svg
      viewBox={`0 0 ${width} 44`}
      role="img"
      aria-label={
        out ? t`${result.display ?? result.value} lies outside ${limits.low ?? "–"} to ${limits.high ?? "–"}` : label
      }
      className="w-full max-w-xl"
    >
      <rect x="0" y="16" width={width} height="8" rx="4" className="fill-red-tint" />
      <rect x={okFrom} y="16" width={Math.max(okTo - okFrom, 0)} height="8" className="fill-green/35" />
      {warnFrom !== null && (
        <rect x={okFrom} y="16" width={Math.max(x(warnFrom) - okFrom, 0)} height="8" className="fill-amber/45" />
      )}
      {warnTo !== null && (
        <rect x={x(warnTo)} y="16" width={Math.max(okTo - x(warnTo), 0)} height="8" className="fill-amber/45" />
      )}
      {[low, high].map(
        (limit) =>
          limit !== null && <path key={limit} d={`M${x(limit)} 12V28`} className="stroke-muted" strokeWidth="1.500" />,
      )}
      {labels.map(({ text, at }) => (
        <text
          key={text}
          x={Math.min(Math.max(at, text.length * 3.5), width - text.length * 3.5)}
          y="41"
          textAnchor="middle"
          className="mono fill-muted text-2xs"
        >
          {text}
        </text>
      ))}
      {previous !== null && (
        <circle cx={x(previous)} cy="20" r="5" className="fill-surface stroke-muted" strokeWidth="2" />
      )}
      <path d={`M${x(value)} 11l-6 -9h12z`} className={out ? "fill-red" : "fill-accent"} />
      <path d={`M${x(value)} 9V27`} className={out ? "stroke-red" : "stroke-accent"} strokeWidth="2" />
    </svg>
  );
}
