import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { useLingui } from "@lingui/react/macro";
import { Ban, CircleCheckBig, CircleDot, type LucideIcon } from "lucide-react";
import type { OrderStatus } from "@/api/types-orders";
import { Pill, type Tone } from "@/ui/pill";

export const orderStatuses: Record<OrderStatus, { label: MessageDescriptor; tone: Tone; icon: LucideIcon }> = {
  open: { label: msg({ message: "Open", context: "order" }), tone: "blue", icon: CircleDot },
  completed: { label: msg({ message: "Completed", context: "order" }), tone: "green", icon: CircleCheckBig },
  cancelled: { label: msg({ message: "Cancelled", context: "order" }), tone: "grey", icon: Ban },
};

export function OrderStatusPill({ status }: { status: OrderStatus }) {
  const { i18n } = useLingui();
  const look = orderStatuses[status];
  return (
    <Pill tone={look.tone} icon={<look.icon aria-hidden />}>
      {i18n._(look.label)}
    </Pill>
  );
}
