import { useLingui } from "@lingui/react/macro";
import type { Permission } from "@/api/types-records";

/** Permissions by what they are about, in the order of the work. */
export function useAreas(
  permissions: readonly Permission[],
): { id: string; name: string; permissions: Permission[] }[] {
  const { t } = useLingui();
  const names: Record<string, string> = {
    sample: t`Samples`,
    result: t`Results`,
    critical: t`Critical values`,
    report: t`Reports`,
    order: t`Orders`,
    client: t`Clients`,
    patient: t`Patients`,
    catalog: t`Catalogue`,
    user: t`Users`,
    role: t`Roles`,
    service_account: t`Service accounts`,
    webhook: t`Webhooks`,
    competence: t`Competences`,
    audit: t`Audit trail`,
    ledger: t`Signing keys`,
    settings: t`Settings`,
    backup: t`Backups`,
    incident: t`Incidents`,
    platform: t`Platform`,
  };
  const areas = new Map<string, Permission[]>();
  for (const each of permissions) areas.set(each.area, [...(areas.get(each.area) ?? []), each]);
  return [...areas].map(([id, of]) => ({ id, name: names[id] ?? id, permissions: of }));
}
