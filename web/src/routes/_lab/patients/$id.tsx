import { Trans, useLingui } from "@lingui/react/macro";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute, Link } from "@tanstack/react-router";
import { TestTubes } from "lucide-react";
import { queryClient, useApi } from "@/api/queries";
import { patientById } from "@/api/records";
import { ageInYears, useSexName } from "@/features/patients/person";
import { Progress } from "@/features/samples/progress";
import { sampleLink } from "@/features/samples/whose";
import { SampleStatusPill } from "@/features/samples/status";
import { Card, Facts, Page } from "@/ui/page";
import { ErrorState, Skeleton, StateMessage } from "@/ui/states";
import { TimeText } from "@/ui/time-text";

export const Route = createFileRoute("/_lab/patients/$id")({
  loader: ({ params }) => queryClient.ensureQueryData(patientById(params.id)),
  component: PatientPage,
});

function PatientPage() {
  const { t } = useLingui();
  const { id } = Route.useParams();
  const { data: patient } = useSuspenseQuery(patientById(id));
  const sexName = useSexName();
  const samples = useApi("GET /samples", { query: { patient_id: id, limit: 20 } });
  const name = `${patient.family_name} ${patient.given_name}`.trim() || t`Unknown patient`;
  return (
    <Page
      title={name}
      above={
        <Link to="/patients" className="hover:text-ink hover:underline">
          <Trans>Patients</Trans>
        </Link>
      }
    >
      <div className="grid items-start gap-4 lg:grid-cols-[22rem_minmax(0,1fr)]">
        <Card id="person" title={t`Person`}>
          <Facts
            items={[
              [
                t`Born`,
                patient.birth_date ? t`${patient.birth_date} (${ageInYears(patient.birth_date, new Date())} y)` : null,
              ],
              [t`Sex`, sexName(patient.sex)],
              ...patient.identifiers.map(
                (each) =>
                  [
                    each.system,
                    <span key={each.system} className="mono">
                      {each.value}
                    </span>,
                  ] as const,
              ),
              [t`Telephone`, patient.phone],
              [t`E-mail address`, patient.email],
            ]}
          />
        </Card>
        <Card
          id="specimens"
          flush
          title={t`Specimens`}
          actions={
            <Link to="/samples" search={{ patient_id: id }} className="text-accent hover:underline">
              <Trans>Show all</Trans>
            </Link>
          }
        >
          {samples.error ? (
            <ErrorState error={samples.error} onRetry={() => void samples.refetch()} className="py-8" />
          ) : samples.isPending ? (
            <div aria-busy className="p-4">
              <Skeleton className="h-24 w-full" />
            </div>
          ) : samples.data.items.length === 0 ? (
            <StateMessage className="py-10" icon={<TestTubes />} title={t`No specimen of this patient yet`} />
          ) : (
            <ul>
              {samples.data.items.map((sample) => (
                <li key={sample.id} className="border-b border-line last:border-0">
                  <Link
                    {...sampleLink(sample.id)}
                    className="flex min-h-12 items-center gap-4 px-4 hover:bg-hover focus-visible:-outline-offset-2"
                  >
                    <span className="mono font-medium">{sample.accession_number}</span>
                    <span className="min-w-0 flex-1 truncate text-muted">{sample.sample_type.name}</span>
                    <span className="hidden w-24 shrink-0 sm:block">
                      <Progress counts={sample.counts} />
                    </span>
                    <TimeText
                      at={sample.collected_at ?? sample.created_at}
                      className="hidden text-xs text-muted md:block"
                    />
                    <span className="flex shrink-0 justify-end sm:w-32">
                      <SampleStatusPill status={sample.status} />
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
          )}
        </Card>
      </div>
    </Page>
  );
}
