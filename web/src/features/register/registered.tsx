import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { CircleCheckBig, PackageCheck } from "lucide-react";
import type { SampleSummary } from "@/api/types";
import type { Order } from "@/api/types-orders";
import { sampleLink } from "@/features/samples/whose";
import { useMay } from "@/session/session";
import { Button, ButtonLink } from "@/ui/button";
import { Card } from "@/ui/page";

/** What is registered, of an order or of a batch without one. */
export type Registered = Pick<SampleSummary, "id" | "accession_number" | "client_reference" | "sample_type">;

/** What became of a batch, with the numbers to write on the bottles and the way to reception. */
export function RegisteredCard({
  samples,
  order,
  onMore,
}: {
  samples: readonly Registered[];
  order: Order | null;
  onMore: () => void;
}) {
  const { t } = useLingui();
  const may = useMay();
  return (
    <Card id="done" flush title={t`Registered`}>
      <div className="flex flex-wrap items-center gap-3 border-b border-line px-4 py-3">
        <CircleCheckBig aria-hidden className="size-5 text-green" />
        <p role="status" className="flex-1 font-medium">
          <Plural value={samples.length} one="# sample is registered." other="# samples are registered." />
          {order && (
            <>
              {" "}
              <Trans>
                Order{" "}
                <Link to="/orders/$id" params={{ id: order.id }} className="mono text-accent hover:underline">
                  {order.number}
                </Link>
              </Trans>
            </>
          )}
        </p>
        <Button onClick={onMore}>
          <Trans>Register more</Trans>
        </Button>
        {may("sample:receive") && (
          <ButtonLink
            to="/samples/receive"
            search={{ ids: samples.map((each) => each.id).join(",") }}
            tone="primary"
            icon={<PackageCheck />}
          >
            <Trans>Receive them now</Trans>
          </ButtonLink>
        )}
      </div>
      <ul className="grid sm:grid-cols-2 xl:grid-cols-3">
        {samples.map((sample) => (
          <li key={sample.id} className="flex items-center gap-3 border-b border-line px-4 py-2">
            <Link {...sampleLink(sample.id)} className="mono font-medium text-accent hover:underline">
              {sample.accession_number}
            </Link>
            <span className="min-w-0 truncate text-muted">
              {[sample.client_reference, sample.sample_type.name].filter(Boolean).join(" · ")}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
