import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute, Link } from "@tanstack/react-router";
import { UserRound, UserRoundPlus } from "lucide-react";
import { useState } from "react";
import type { Patient } from "@/api/types";
import { usePatients } from "@/features/patients/find";
import { ageInYears, useSexName } from "@/features/patients/person";
import { useMay } from "@/session/session";
import { ButtonLink } from "@/ui/button";
import { type Column, rowLinkClass } from "@/ui/data-table";
import { Page } from "@/ui/page";
import { PagedTable } from "@/ui/paged-table";
import { SearchBox } from "@/ui/search-box";
import { ForbiddenState, StateMessage } from "@/ui/states";

export const Route = createFileRoute("/_lab/patients/")({ component: Patients });

function Patients() {
  const { t } = useLingui();
  const may = useMay();
  // Names stay out of the address, and so out of histories and logs.
  const [q, setQ] = useState("");
  const sexName = useSexName();
  const pages = usePatients(q);
  if (!may("patient:read")) return <ForbiddenState />;
  const columns: Column<Patient>[] = [
    { id: "name", header: t({ message: "Name", context: "person" }), width: "minmax(12rem, 1.5fr)", cell: () => null },
    {
      id: "birth",
      header: t`Born`,
      width: "10rem",
      cell: (row) =>
        row.birth_date ? (
          t`${row.birth_date} (${ageInYears(row.birth_date, new Date())} y)`
        ) : (
          <span className="text-faint">–</span>
        ),
    },
    { id: "sex", header: t`Sex`, width: "7rem", cell: (row) => sexName(row.sex) },
    {
      id: "identifiers",
      header: t`Identifiers`,
      width: "minmax(14rem, 2fr)",
      cell: (row) => <Identifiers patient={row} />,
    },
  ];
  const create = may("patient:manage") && (
    <ButtonLink to="/patients/new" tone="primary" icon={<UserRoundPlus />}>
      <Trans>New patient</Trans>
    </ButtonLink>
  );
  return (
    <Page
      fill
      title={t`Patients`}
      lead={t`Names are stored encrypted: search finds whole family names, whole names and identifiers. Each look is recorded.`}
      actions={create}
    >
      <div className="flex px-4 pb-3 sm:px-6">
        <SearchBox
          value={q}
          onChange={setQ}
          label={t`Search patients`}
          placeholder={t`Full name, family name or identifier`}
        />
      </div>
      <PagedTable
        label={t`Patients`}
        columns={columns}
        pages={pages}
        link={(row) => <PatientLink patient={row} />}
        narrow={(row) => (
          <div className="flex flex-col gap-1">
            <PatientLink patient={row} />
            <span className="truncate text-muted">
              {[row.birth_date, sexName(row.sex)].filter(Boolean).join(" · ")} · <Identifiers patient={row} />
            </span>
          </div>
        )}
        empty={
          <StateMessage icon={<UserRound />} title={q ? t`Nobody found` : t`No patients yet`} action={create}>
            {q ? <Trans>Type the whole family name, the family and given name, or an identifier.</Trans> : null}
          </StateMessage>
        }
      />
    </Page>
  );
}

function PatientLink({ patient }: { patient: Patient }) {
  const { t } = useLingui();
  const name = `${patient.family_name} ${patient.given_name}`.trim();
  return (
    <Link to="/patients/$id" params={{ id: patient.id }} className={rowLinkClass}>
      {name || t`Unknown patient`}
    </Link>
  );
}

function Identifiers({ patient }: { patient: Patient }) {
  return (
    <>
      {patient.identifiers.map((each) => (
        <span key={each.system + each.value} className="me-3">
          <span className="text-muted">{each.system}</span> <span className="mono">{each.value}</span>
        </span>
      ))}
    </>
  );
}
