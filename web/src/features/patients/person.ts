import { useLingui } from "@lingui/react/macro";
import type { Patient, Sex } from "@/api/types";

export function useSexName(): (sex: Sex) => string {
  const { t } = useLingui();
  const names = { female: t`Female`, male: t`Male`, unknown: t({ message: "Unknown", context: "sex" }) };
  return (sex) => names[sex];
}

/** Whole years between two dates; reference ranges count from collection, screens from today. */
export function ageInYears(birth: string, on: Date): number {
  const born = new Date(`${birth}T00:00:00Z`);
  const years = on.getUTCFullYear() - born.getUTCFullYear();
  const before =
    on.getUTCMonth() < born.getUTCMonth() ||
    (on.getUTCMonth() === born.getUTCMonth() && on.getUTCDate() < born.getUTCDate());
  return before ? years - 1 : years;
}

/** How the log and people call a patient without naming them: the random end of the id. */
export const patientNumber = ({ id }: Pick<Patient, "id">) => id.replaceAll("-", "").slice(-8).toUpperCase();

/** Family name first, as it is filed; empty for an unknown patient. */
export const patientName = ({ family_name, given_name }: Pick<Patient, "family_name" | "given_name">) =>
  `${family_name} ${given_name}`.trim();
