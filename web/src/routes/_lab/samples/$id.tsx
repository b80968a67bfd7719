import { Trans, useLingui } from "@lingui/react/macro";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute, Link, useNavigate } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight, CircleX, FilePlus2, PenLine, Siren, TriangleAlert } from "lucide-react";
import { queryClient } from "@/api/queries";
import { sampleById } from "@/api/records";
import type { Sample } from "@/api/types";
import { FilesCard } from "@/features/files/files-card";
import { SampleActions } from "@/features/samples/actions";
import { LifeLine } from "@/features/samples/lifeline";
import { ResultsTable } from "@/features/samples/results-table";
import { Whose } from "@/features/samples/whose";
import { ConditionPill, PriorityPill, SampleStatusPill } from "@/features/samples/status";
import { Timeline } from "@/features/samples/timeline";
import { neighbours } from "@/features/samples/trail";
import { useMay, useMe } from "@/session/session";
import { useKeys } from "@/shell/shortcuts";
import { ButtonLink } from "@/ui/button";
import { Card, Facts, Notice, Page } from "@/ui/page";
import { StateMessage } from "@/ui/states";
import { TimeText } from "@/ui/time-text";

export const Route = createFileRoute("/_lab/samples/$id")({
  loader: ({ params }) => queryClient.ensureQueryData(sampleById(params.id)),
  component: SamplePage,
});

function SamplePage() {
  const { t } = useLingui();
  const { id } = Route.useParams();
  const { data: sample } = useSuspenseQuery(sampleById(id));
  const medical = useMe().laboratory.kind === "medical";
  const may = useMay();
  return (
    <Page
      documentTitle={sample.accession_number}
      above={
        <>
          <Link to="/samples" className="hover:text-ink hover:underline">
            {medical ? <Trans>Specimens</Trans> : <Trans>Samples</Trans>}
          </Link>
          {sample.order && (
            <>
              <ChevronRight aria-hidden className="size-3" />
              {may("order:read") ? (
                <Link to="/orders/$id" params={{ id: sample.order.id }} className="hover:text-ink hover:underline">
                  <Trans>
                    Order <span className="mono">{sample.order.number}</span>
                  </Trans>
                </Link>
              ) : (
                <Trans>
                  Order <span className="mono">{sample.order.number}</span>
                </Trans>
              )}
            </>
          )}
          <Neighbours id={id} />
        </>
      }
      title={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="mono">{sample.accession_number}</span>
          <SampleStatusPill status={sample.status} />
          <PriorityPill priority={sample.priority} />
        </span>
      }
      lead={
        <>
          <Whose sample={sample} /> · {sample.sample_type.name}
          {sample.client_reference && (
            <>
              {" "}
              · <span className="mono">{sample.client_reference}</span>
            </>
          )}
        </>
      }
      actions={<SampleActions sample={sample} />}
    >
      <div className="flex flex-col gap-4">
        <LifeLine sample={sample} />
        <Warnings sample={sample} />
        <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_21rem]">
          <div className="flex min-w-0 flex-col gap-4">
            <Card id="results" flush title={t`Results`} actions={<ResultLinks sample={sample} />}>
              {sample.results.length === 0 ? (
                <StateMessage className="py-10" icon={<TriangleAlert />} title={t`No tests asked for yet`}>
                  <Trans>Add tests so that the laboratory knows what to do with it.</Trans>
                </StateMessage>
              ) : (
                <ResultsTable results={sample.results} />
              )}
            </Card>
            <FilesCard key={sample.id} of="samples" id={sample.id} client={Boolean(sample.client)} />
            <Card id="timeline" title={t`What happened`}>
              <Timeline sampleId={sample.id} />
            </Card>
          </div>
          <Card id="details" title={medical ? t`Specimen` : t`Sample`}>
            <SampleFacts sample={sample} />
          </Card>
        </div>
      </div>
    </Page>
  );
}

function Warnings({ sample }: { sample: Sample }) {
  return (
    <>
      {sample.critical_open > 0 && (
        <Notice tone="red" icon={<Siren />}>
          <Trans>A critical value on this sample has not been notified yet ({sample.critical_open}).</Trans>
        </Notice>
      )}
      {sample.rejected_reason && (
        <Notice tone="red" icon={<CircleX />}>
          <Trans>Rejected: {sample.rejected_reason}</Trans>
        </Notice>
      )}
      {sample.deviations.length > 0 && (
        <Notice tone="amber" icon={<TriangleAlert />}>
          {sample.deviations.join(" · ")}
        </Notice>
      )}
    </>
  );
}

function SampleFacts({ sample }: { sample: Sample }) {
  const { t } = useLingui();
  const may = useMay();
  return (
    <Facts
      items={[
        sample.client && [
          t`Client`,
          <Link
            key="client"
            to="/samples"
            search={{ client_id: sample.client.id }}
            className="text-accent hover:underline"
          >
            {sample.client.name}
          </Link>,
        ],
        sample.patient && [
          t`Patient`,
          may("patient:read") ? (
            <Link
              key="patient"
              to="/patients/$id"
              params={{ id: sample.patient.id }}
              className="text-accent hover:underline"
            >
              {sample.patient.name}
            </Link>
          ) : (
            <Whose key="patient" sample={sample} />
          ),
        ],
        [t`Type`, sample.sample_type.name],
        [t`Container`, sample.container?.name],
        [t`Description`, sample.description],
        [t`Collected`, <TimeText key="collected" at={sample.collected_at} />],
        [t`Collected by`, sample.collected_by],
        [t`Place`, sample.collection_place],
        [t`Received`, <TimeText key="received" at={sample.received_at} />],
        [t`Received by`, sample.received_by?.name],
        [t`Condition`, sample.condition ? <ConditionPill key="condition" condition={sample.condition} /> : null],
        sample.condition_note ? [t`Note`, sample.condition_note] : null,
        [
          t`Temperature`,
          sample.temperature_c ? (
            <span key="temperature" className="mono">
              {sample.temperature_c} °C
            </span>
          ) : null,
        ],
        [t`Stored at`, sample.location?.name],
        [t`Judged by`, sample.specification?.name],
        [t`Remark`, sample.remark],
        [t`Registered by`, sample.created_by?.name],
        sample.reports.length > 0 && [
          t`Reports`,
          <span key="reports" className="mono">
            {sample.reports.map((each) => (
              <Link
                key={each.id}
                to="/reports/$id"
                params={{ id: each.id }}
                className="block text-accent hover:underline"
              >
                {each.number}
              </Link>
            ))}
          </span>,
        ],
      ]}
    />
  );
}

/** From here to the bench, or to the report, whichever is next. */
function ResultLinks({ sample }: { sample: Sample }) {
  const may = useMay();
  if (sample.counts.pending > 0 && sample.status !== "registered" && may("result:enter"))
    return (
      <ButtonLink to="/results" search={{ sample_id: sample.id }} icon={<PenLine />}>
        <Trans>Enter results</Trans>
      </ButtonLink>
    );
  if (sample.status === "completed" && may("report:draft"))
    return (
      <ButtonLink to="/reports/new" search={{ sample_id: sample.id }} icon={<FilePlus2 />}>
        <Trans>New report</Trans>
      </ButtonLink>
    );
  return null;
}

/** Previous and next of the list the person came from. */
function Neighbours({ id }: { id: string }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const { previous, next, position, length } = neighbours(id);
  const go = (to: string | undefined) => to && void navigate({ to: "/samples/$id", params: { id: to } });
  useKeys({ "[": () => go(previous), "]": () => go(next) });
  if (length < 2) return null;
  return (
    <span className="ms-auto flex items-center gap-1">
      <span className="px-1">
        {position + 1} / {length}
      </span>
      {previous ? (
        <ButtonLink
          tone="ghost"
          to="/samples/$id"
          params={{ id: previous }}
          aria-label={t`Previous sample of the list`}
          icon={<ChevronLeft />}
          className="min-h-6! px-1!"
        />
      ) : null}
      {next ? (
        <ButtonLink
          tone="ghost"
          to="/samples/$id"
          params={{ id: next }}
          aria-label={t`Next sample of the list`}
          icon={<ChevronRight />}
          className="min-h-6! px-1!"
        />
      ) : null}
    </span>
  );
}
