import { Trans, useLingui } from "@lingui/react/macro";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute, Link } from "@tanstack/react-router";
import { Eraser, Merge, SquarePen, TestTubes, UserRoundX } from "lucide-react";
import { useState } from "react";
import { queryClient, useApi } from "@/api/queries";
import { patientById } from "@/api/records";
import type { Patient } from "@/api/types";
import { EditPatientDialog } from "@/features/patients/edit";
import { EraseDialog } from "@/features/patients/erase";
import { MergeDialog } from "@/features/patients/merge";
import { ageInYears, patientName, patientNumber, useSexName } from "@/features/patients/person";
import { SampleRows } from "@/features/samples/sample-rows";
import { useMay } from "@/session/session";
import { Button } from "@/ui/button";
import { Card, Facts, Notice, Page } from "@/ui/page";
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
  const number = patientNumber(patient);
  const name = patient.erased_at ? t`Erased patient ${number}` : patientName(patient) || t`Unknown patient`;
  return (
    <Page
      title={name}
      above={
        <Link to="/patients" className="hover:text-ink hover:underline">
          <Trans>Patients</Trans>
        </Link>
      }
      actions={!patient.erased_at && !patient.merged_into && <PatientActions patient={patient} />}
    >
      {patient.merged_into && <MergedNotice into={patient.merged_into} />}
      <div className="grid items-start gap-4 lg:grid-cols-[22rem_minmax(0,1fr)]">
        {patient.erased_at ? (
          <Card id="person" title={t`Person`}>
            <StateMessage className="py-6" icon={<UserRoundX />} title={t`Nothing is known about this person any more`}>
              <Trans>
                Erased <TimeText at={patient.erased_at} />, by two people. Samples, orders and reports keep their
                numbers; what they said is gone, here and in every backup that is put back.
              </Trans>
            </StateMessage>
          </Card>
        ) : (
          <Card id="person" title={t`Person`}>
            <Facts
              items={[
                [
                  t({ message: "Number", context: "patient" }),
                  <span key="number" className="mono">
                    {number}
                  </span>,
                ],
                [
                  t`Born`,
                  patient.birth_date
                    ? t`${patient.birth_date} (${ageInYears(patient.birth_date, new Date())} y)`
                    : null,
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
        )}
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
            <StateMessage
              className="py-10"
              icon={<TestTubes />}
              title={patient.erased_at ? t`No specimen of this patient` : t`No specimen of this patient yet`}
            />
          ) : (
            <SampleRows samples={samples.data.items} />
          )}
        </Card>
      </div>
    </Page>
  );
}

function MergedNotice({ into }: { into: string }) {
  return (
    <Notice className="mb-4" icon={<Merge aria-hidden />}>
      <Trans>
        This record was merged into{" "}
        <Link to="/patients/$id" params={{ id: into }} className="font-semibold underline">
          another one
        </Link>
        .
      </Trans>
    </Notice>
  );
}

function PatientActions({ patient }: { patient: Patient }) {
  const { t } = useLingui();
  const may = useMay();
  const [open, setOpen] = useState<"edit" | "merge" | "erase" | null>(null);
  const lacking = (permission: string) =>
    may(permission) ? undefined : t`Your roles lack the permission ${permission}.`;
  return (
    <>
      <Button icon={<SquarePen />} onClick={() => setOpen("edit")} disabledReason={lacking("patient:manage")}>
        <Trans>Correct…</Trans>
      </Button>
      <Button icon={<Merge />} onClick={() => setOpen("merge")} disabledReason={lacking("patient:merge")}>
        <Trans>Merge…</Trans>
      </Button>
      <Button icon={<Eraser />} onClick={() => setOpen("erase")} disabledReason={lacking("patient:erase")}>
        <Trans>Erase…</Trans>
      </Button>
      {open === "edit" && <EditPatientDialog patient={patient} onClose={() => setOpen(null)} />}
      {open === "merge" && <MergeDialog patient={patient} onClose={() => setOpen(null)} />}
      {open === "erase" && <EraseDialog patient={patient} onClose={() => setOpen(null)} />}
    </>
  );
}
