import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { ClockAlert } from "lucide-react";
import type { Result } from "@/api/types";
import { cx } from "@/ui/cx";

/** The head of a row: the sample, and its test where the rows are of several tests. */
export function SampleHead({ result, test, late }: { result: Result | undefined; test?: boolean; late?: boolean }) {
  const { t } = useLingui();
  if (!result) return null;
  const overdue = late || (test !== undefined && result.hold_time?.exceeded);
  return (
    <span
      className={cx(
        "flex min-w-0 flex-1 gap-x-2",
        test ? "flex-col leading-4 sm:flex-row sm:items-center sm:leading-5" : "items-center",
      )}
    >
      <span className="flex min-w-0 shrink-0 items-center gap-2">
        <Link
          to="/samples/$id"
          params={{ id: result.sample.id }}
          tabIndex={-1}
          className="mono shrink-0 font-medium hover:text-accent hover:underline"
        >
          {result.sample.accession_number}
        </Link>
        {overdue && (
          <ClockAlert role="img" aria-label={t`Holding time exceeded`} className="size-3.5 shrink-0 text-amber" />
        )}
      </span>
      {test && (
        <span className="truncate text-xs text-muted" title={result.test.name}>
          {result.test.name}
        </span>
      )}
    </span>
  );
}
