import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { UserRound, UserRoundPlus } from "lucide-react";
import { useState } from "react";
import type { Patient } from "@/api/types";
import { useMay } from "@/session/session";
import { ButtonLink } from "@/ui/button";
import { type Column, rowLinkClass } from "@/ui/data-table";
import { ListPage } from "@/ui/list-page";
import { SearchBox } from "@/ui/search-box";
import { usePatients } from "./find";
import { ageInYears, useSexName } from "./person";

/** Whose specimens the laboratory has. */
export function PatientList() {
  const { t } = useLingui();
  const may = useMay();
  // Names stay out of the address, and so out of histories and logs.
  const [q, setQ] = useState("");
  const sexName = useSexName();
  const pages = usePatients(q);
  const columns: Column<Patient>[] = [
    {
      id: "birth",
      header: t`Born`,
      width: "10rem",
      cell: (row) => row.birth_date && t`${row.birth_date} (${ageInYears(row.birth_date, new Date())} y)`,
    },
    { id: "sex", header: t`Sex`, width: "7rem", cell: (row) => sexName(row.sex) },
    {
      id: "identifiers",
      header: t`Identifiers`,
      width: "minmax(14rem, 2fr)",
      cell: (row) => <Identifiers patient={row} />,
    },
  ];
  return (
    <ListPage
      title={t`Patients`}
      lead={t`Names are stored encrypted: search finds whole family names, whole names and identifiers. Each look is recorded.`}
      action={
        may("patient:manage") && (
          <ButtonLink to="/patients/new" tone="primary" icon={<UserRoundPlus />}>
            <Trans>New patient</Trans>
          </ButtonLink>
        )
      }
      filters={
        <SearchBox
          value={q}
          onChange={setQ}
          label={t`Search patients`}
          placeholder={t`Full name, family name or identifier`}
        />
      }
      pages={pages}
      name={{
        header: t({ message: "Name", context: "person" }),
        width: "minmax(12rem, 1.5fr)",
        of: (row) => <PatientLink patient={row} />,
      }}
      columns={columns}
      narrow={{
        second: (row) => (
          <>
            {[row.birth_date, sexName(row.sex)].filter(Boolean).join(" · ")} · <Identifiers patient={row} />
          </>
        ),
      }}
      empty={{
        icon: <UserRound />,
        title: q ? t`Nobody found` : t`No patients yet`,
        text: q && <Trans>Type the whole family name, the family and given name, or an identifier.</Trans>,
      }}
    />
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
