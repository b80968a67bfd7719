import { useLingui } from "@lingui/react/macro";
import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import {
  Archive,
  BadgeCheck,
  Ban,
  CircleCheckBig,
  CircleDashed,
  CircleDot,
  CircleX,
  ClipboardPenLine,
  FlaskConical,
  type LucideIcon,
  PackageCheck,
  RotateCcw,
  Siren,
  TriangleAlert,
  Zap,
} from "lucide-react";
import type { Condition, Priority, ResultStatus, SampleStatus } from "@/api/types";
import { Pill, type Tone } from "@/ui/pill";

interface Look {
  label: MessageDescriptor;
  tone: Tone;
  icon: LucideIcon;
}

export const sampleStatuses: Record<SampleStatus, Look> = {
  registered: { label: msg({ message: "Registered", context: "sample" }), tone: "grey", icon: CircleDashed },
  received: { label: msg({ message: "Received", context: "sample" }), tone: "blue", icon: PackageCheck },
  in_progress: { label: msg({ message: "In progress", context: "sample" }), tone: "violet", icon: FlaskConical },
  completed: { label: msg({ message: "Completed", context: "sample" }), tone: "green", icon: CircleCheckBig },
  reported: { label: msg({ message: "Reported", context: "sample" }), tone: "green", icon: BadgeCheck },
  rejected: { label: msg({ message: "Rejected", context: "sample" }), tone: "red", icon: CircleX },
  cancelled: { label: msg({ message: "Cancelled", context: "sample" }), tone: "grey", icon: Ban },
  disposed: { label: msg({ message: "Disposed", context: "sample" }), tone: "grey", icon: Archive },
};

export const resultStatuses: Record<ResultStatus, Look> = {
  pending: { label: msg({ message: "Pending", context: "result" }), tone: "grey", icon: CircleDashed },
  entered: { label: msg({ message: "To verify", context: "result" }), tone: "amber", icon: ClipboardPenLine },
  verified: { label: msg({ message: "Verified", context: "result" }), tone: "green", icon: CircleCheckBig },
  retracted: { label: msg({ message: "Retracted", context: "result" }), tone: "red", icon: RotateCcw },
  cancelled: { label: msg({ message: "Cancelled", context: "result" }), tone: "grey", icon: Ban },
};

export const priorities: Record<Priority, Look> = {
  routine: { label: msg`Routine`, tone: "grey", icon: CircleDot },
  urgent: { label: msg`Urgent`, tone: "amber", icon: Zap },
  stat: { label: msg`Stat`, tone: "red", icon: Siren },
};

export const conditions: Record<Condition, Look> = {
  acceptable: { label: msg`Acceptable`, tone: "green", icon: CircleCheckBig },
  compromised: { label: msg`Compromised`, tone: "amber", icon: TriangleAlert },
  unacceptable: { label: msg`Unacceptable`, tone: "red", icon: CircleX },
};

function LookPill({ look }: { look: Look }) {
  const { i18n } = useLingui();
  return (
    <Pill tone={look.tone} icon={<look.icon aria-hidden />}>
      {i18n._(look.label)}
    </Pill>
  );
}

export const SampleStatusPill = ({ status }: { status: SampleStatus }) => <LookPill look={sampleStatuses[status]} />;
export const ResultStatusPill = ({ status }: { status: ResultStatus }) => <LookPill look={resultStatuses[status]} />;
export const ConditionPill = ({ condition }: { condition: Condition }) => <LookPill look={conditions[condition]} />;
/** Routine goes without saying. */
export const PriorityPill = ({ priority }: { priority: Priority }) =>
  priority === "routine" ? null : <LookPill look={priorities[priority]} />;
