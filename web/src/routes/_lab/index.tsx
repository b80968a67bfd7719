import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute, Link, redirect } from "@tanstack/react-router";
import { CircleCheckBig, PackageCheck, PackagePlus } from "lucide-react";
import { useApi } from "@/api/queries";
import type { SampleSummary } from "@/api/types";
import { AccessReviewNotice } from "@/features/home/access-review-notice";
import { Areas } from "@/features/home/areas";
import { SecondPersonNotice } from "@/features/home/second-person-notice";
import { hasWork, WorkCards } from "@/features/home/work-cards";
import { Progress } from "@/features/samples/progress";
import { sampleLink, Whose } from "@/features/samples/whose";
import { PriorityPill, SampleStatusPill } from "@/features/samples/status";
import { useMay, useMe } from "@/session/session";
import { ButtonLink } from "@/ui/button";
import { cx } from "@/ui/cx";
import { Card, Page } from "@/ui/page";
import { ErrorState, Skeleton, StateMessage } from "@/ui/states";
import { TimeText } from "@/ui/time-text";

export const Route = createFileRoute("/_lab/")({
  beforeLoad: ({ context }) => {
    if (context.me.laboratory.realm === "platform") throw redirect({ to: "/platform/laboratories", replace: true });
  },
  component: Home,
});

function Home() {
  const { t } = useLingui();
  const me = useMe();
  const may = useMay();
  const counted = hasWork(may);
  const work = useApi("GET /work", {});
  return (
    <Page
      title={counted ? t`What waits for you` : t`Welcome`}
      lead={me.name}
      actions={
        <>
          {may("sample:receive") && (
            <ButtonLink to="/samples/receive" icon={<PackageCheck />}>
              <Trans>Receive</Trans>
            </ButtonLink>
          )}
          {may("sample:register") && (
            <ButtonLink to="/samples/register" tone="primary" icon={<PackagePlus />}>
              <Trans>Register</Trans>
            </ButtonLink>
          )}
        </>
      }
    >
      {may("user:manage") && <AccessReviewNotice />}
      {work.data && <SecondPersonNotice waiting={work.data.two_person_requests} />}
      {!counted ? (
        <Areas />
      ) : work.error ? (
        <ErrorState error={work.error} onRetry={() => void work.refetch()} />
      ) : (
        <WorkCards work={work.data} may={may} />
      )}
      {may("sample:read") && (
        <div className="mt-6 grid items-start gap-6 xl:grid-cols-2">
          <Waiting
            id="to-receive"
            title={t`On the way in`}
            status="registered"
            empty={t`Everything registered has been received.`}
          />
          <Waiting
            id="in-work"
            title={t`In the laboratory`}
            status="received,in_progress"
            empty={t`No open work in the laboratory.`}
          />
        </div>
      )}
    </Page>
  );
}

function Waiting({ id, title, status, empty }: { id: string; title: string; status: string; empty: string }) {
  const samples = useApi("GET /samples", { query: { status, limit: 8, sort: "created_at" } });
  return (
    <Card
      id={id}
      flush
      title={title}
      actions={
        <Link to="/samples" search={{ status }} className="text-accent hover:underline">
          <Trans>Show all</Trans>
        </Link>
      }
    >
      {samples.error ? (
        <ErrorState error={samples.error} onRetry={() => void samples.refetch()} className="py-8" />
      ) : samples.isPending ? (
        <ul aria-busy>
          {[0, 1, 2, 3].map((each) => (
            <li key={each} className="flex h-14 items-center border-b border-line px-4 last:border-0">
              <Skeleton className="h-3 w-2/3" />
            </li>
          ))}
        </ul>
      ) : samples.data.items.length === 0 ? (
        <StateMessage className="py-10" icon={<CircleCheckBig />} title={empty} />
      ) : (
        <ul>
          {samples.data.items.map((sample) => (
            <WaitingRow key={sample.id} sample={sample} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function WaitingRow({ sample }: { sample: SampleSummary }) {
  return (
    <li className="border-b border-line last:border-0">
      <Link
        {...sampleLink(sample.id)}
        className="flex min-h-14 items-center gap-4 px-4 py-1.5 hover:bg-hover focus-visible:-outline-offset-2"
      >
        <span className="min-w-0 flex-1">
          <span className="flex items-center gap-2">
            <span className="mono shrink-0 font-medium whitespace-nowrap">{sample.accession_number}</span>
            <PriorityPill priority={sample.priority} />
          </span>
          <span className="block truncate text-xs text-muted">
            <Whose sample={sample} /> · {sample.sample_type.name}
          </span>
        </span>
        {sample.status !== "registered" && (
          <span className="hidden w-24 shrink-0 sm:block">
            <Progress counts={sample.counts} />
          </span>
        )}
        <TimeText
          at={sample.received_at ?? sample.created_at}
          className={cx("hidden text-xs text-muted", sample.status === "registered" ? "md:block" : "2xl:block")}
        />
        <span className="flex shrink-0 justify-end sm:w-32">
          <SampleStatusPill status={sample.status} />
        </span>
      </Link>
    </li>
  );
}
