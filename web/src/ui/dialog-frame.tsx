import { Dialog as Base } from "@base-ui/react/dialog";
import { useLingui } from "@lingui/react/macro";
import { X } from "lucide-react";
import { type ReactNode, useRef } from "react";
import { IconButton } from "./button";
import { cx } from "./cx";

export interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  description?: ReactNode;
  children: ReactNode;
  /** Buttons at the foot, the main one last. */
  footer?: ReactNode;
  wide?: boolean;
}

export function DialogFrame({ open, onClose, title, description, children, footer, wide }: DialogProps) {
  const { t } = useLingui();
  const body = useRef<HTMLDivElement>(null);
  const foot = useRef<HTMLDivElement>(null);
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-black/35 transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup
          initialFocus={(how) => how === "touch" || (firstField(body.current) ?? foot.current?.querySelector("button"))}
          className={cx(
            "popup fixed top-[12vh] left-1/2 z-40 flex max-h-[80vh] w-[calc(100vw-2rem)] -translate-x-1/2 flex-col",
            wide ? "max-w-3xl" : "max-w-lg",
          )}
        >
          <div className="flex items-start gap-3 border-b border-line px-5 pt-4 pb-3">
            <div className="min-w-0 flex-1">
              <Base.Title className="text-lg font-semibold">{title}</Base.Title>
              {description && <Base.Description className="mt-0.5 text-muted">{description}</Base.Description>}
            </div>
            <Base.Close render={<IconButton label={t`Close`} icon={<X />} className="-me-2 -mt-1" />} />
          </div>
          <div ref={body} className="flex min-h-0 flex-col gap-4 overflow-y-auto px-5 py-4">
            {children}
          </div>
          {footer && (
            <div ref={foot} className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">
              {footer}
            </div>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

/** Where a question is answered: its first field; of a group of choices the one that is chosen. */
function firstField(body: HTMLElement | null): HTMLElement | null | undefined {
  const field = body?.querySelector<HTMLInputElement>("input:not([hidden]), select, textarea");
  return field?.type === "radio" ? (body?.querySelector<HTMLElement>("input[type=radio]:checked") ?? field) : field;
}
