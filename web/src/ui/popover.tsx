import { Popover as Base } from "@base-ui/react/popover";
import type { ReactElement, ReactNode } from "react";

/** A small panel beside its trigger, for filters and details that need controls of their own. */
export function Popover({
  trigger,
  title,
  children,
  align = "start",
}: {
  trigger: ReactElement;
  title?: ReactNode;
  children: ReactNode;
  align?: "start" | "end";
}) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger as ReactElement<Record<string, unknown>>} />
      <Base.Portal>
        <Base.Positioner align={align} sideOffset={4} className="z-40">
          <Base.Popup className="popup flex w-80 max-w-[calc(100vw-2rem)] flex-col gap-3 p-4 outline-none">
            {title && <Base.Title className="font-semibold">{title}</Base.Title>}
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
