import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { BadgeCheck, Ban, FilePen, type LucideIcon, Replace, Signature, TriangleAlert } from "lucide-react";
import type { ReportStatus } from "@/api/types";
import type { Report } from "@/api/types-records";
import { Pill, type Tone } from "@/ui/pill";

export const reportStatuses: Record<ReportStatus, { label: MessageDescriptor; tone: Tone; icon: LucideIcon }> = {
  draft: { label: msg({ message: "Draft", context: "report" }), tone: "grey", icon: FilePen },
  authorized: { label: msg({ message: "Signed", context: "report" }), tone: "violet", icon: Signature },
  released: { label: msg({ message: "Released", context: "report" }), tone: "green", icon: BadgeCheck },
  superseded: { label: msg({ message: "Superseded", context: "report" }), tone: "grey", icon: Replace },
  withdrawn: { label: msg({ message: "Withdrawn", context: "report" }), tone: "red", icon: Ban },
};

export function ReportPills({ report }: { report: Pick<Report, "status" | "under_correction" | "kind"> }) {
  const { i18n } = useLingui();
  const look = reportStatuses[report.status];
  return (
    <span className="inline-flex flex-wrap items-center gap-1">
      <Pill tone={look.tone} icon={<look.icon aria-hidden />}>
        {i18n._(look.label)}
      </Pill>
      {report.under_correction && (
        <Pill tone="amber" icon={<TriangleAlert aria-hidden />}>
          <Trans>Under correction</Trans>
        </Pill>
      )}
      {report.kind === "preliminary" && (
        <Pill tone="blue">
          <Trans>Preliminary</Trans>
        </Pill>
      )}
    </span>
  );
}

/** "R-26-000412/2": the number as it is printed; the first version goes without saying. */
export function reportNumber(report: { number: string; version_no?: number }): string {
  return report.version_no !== undefined && report.version_no > 1
    ? `${report.number}/${report.version_no}`
    : report.number;
}
