import { Link } from "@tanstack/react-router";
import type { SampleSummary } from "@/api/types";
import { TimeText } from "@/ui/time-text";
import { Progress } from "./progress";
import { SampleStatusPill } from "./status";
import { sampleLink } from "./whose";

/** A few samples that belong together, a line each. */
export function SampleRows({ samples }: { samples: readonly SampleSummary[] }) {
  return (
    <ul>
      {samples.map((sample) => (
        <li key={sample.id} className="border-b border-line last:border-0">
          <Link
            {...sampleLink(sample.id)}
            className="flex min-h-12 items-center gap-4 px-4 py-1.5 hover:bg-hover focus-visible:-outline-offset-2"
          >
            <span className="flex min-w-0 flex-1 flex-col gap-x-4 sm:flex-row sm:items-center">
              <span className="mono shrink-0 font-medium">{sample.accession_number}</span>
              <span className="min-w-0 truncate text-muted">
                {[sample.client_reference, sample.sample_type.name].filter(Boolean).join(" · ")}
              </span>
            </span>
            <span className="hidden w-24 shrink-0 sm:block">
              <Progress counts={sample.counts} />
            </span>
            <TimeText at={sample.collected_at ?? sample.created_at} className="hidden text-xs text-muted md:block" />
            <span className="flex shrink-0 justify-end sm:w-32">
              <SampleStatusPill status={sample.status} />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
