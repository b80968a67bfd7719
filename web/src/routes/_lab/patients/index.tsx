import { createFileRoute } from "@tanstack/react-router";
import { PatientList } from "@/features/patients/patient-list";
import { Allowed } from "@/session/allowed";

export const Route = createFileRoute("/_lab/patients/")({ component: Patients });

function Patients() {
  return (
    <Allowed to="patient:read">
      <PatientList />
    </Allowed>
  );
}
