import { Menu as Base } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import type { ReactElement, ReactNode } from "react";

export function Menu({
  trigger,
  children,
  align = "start",
  side,
  defaultOpen,
}: {
  trigger: ReactElement;
  children: ReactNode;
  align?: "start" | "end";
  side?: "top" | "bottom";
  defaultOpen?: boolean;
}) {
  return (
    <Base.Root defaultOpen={defaultOpen}>
      <Base.Trigger render={trigger as ReactElement<Record<string, unknown>>} />
      <Base.Portal>
        <Base.Positioner align={align} side={side} sideOffset={4} className="z-50">
          <Base.Popup className="popup max-h-(--available-height) min-w-52 overflow-y-auto p-1 outline-none">
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

const item =
  "flex min-h-[var(--control)] items-center gap-2.5 rounded-sm px-2 outline-none data-highlighted:bg-hover [&_svg]:size-4 [&_svg]:text-muted";

export function MenuItem({
  icon,
  children,
  onClick,
  disabledReason,
}: {
  icon?: ReactNode;
  children: ReactNode;
  onClick: () => void;
  /** Why it cannot be chosen now; shown below its name. */
  disabledReason?: string;
}) {
  return (
    <Base.Item className={item} disabled={Boolean(disabledReason)} onClick={onClick}>
      {icon}
      <span className={disabledReason ? "max-w-64 py-1.5 text-muted" : undefined}>
        {children}
        {disabledReason && <span className="block text-2xs">{disabledReason}</span>}
      </span>
    </Base.Item>
  );
}

export function MenuChoice<V extends string>({
  label,
  value,
  onChange,
  options,
}: {
  label: string;
  value: V;
  onChange: (value: V) => void;
  options: readonly { value: V; label: string; icon?: ReactNode }[];
}) {
  return (
    <Base.Group>
      <Base.GroupLabel className="px-2 pt-2 pb-1 text-2xs font-medium text-muted">{label}</Base.GroupLabel>
      <Base.RadioGroup value={value} onValueChange={(next: V) => onChange(next)}>
        {options.map((option) => (
          <Base.RadioItem key={option.value} value={option.value} closeOnClick={false} className={item}>
            {option.icon}
            <span className="flex-1">{option.label}</span>
            <Base.RadioItemIndicator>
              <Check className="text-accent!" />
            </Base.RadioItemIndicator>
          </Base.RadioItem>
        ))}
      </Base.RadioGroup>
    </Base.Group>
  );
}

export function MenuRule() {
  return <Base.Separator className="mx-1 my-1 h-px bg-line" />;
}
