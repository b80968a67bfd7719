import {
  cloneElement,
  type FocusEvent,
  type MouseEvent,
  type PointerEvent,
  type ReactElement,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { createPortal } from "react-dom";

type Side = "top" | "right" | "bottom";
/** Milliseconds before it shows, and before it goes, so that the pointer can wander onto it. */
const SHOW = 350;
const HIDE = 120;
const GAP = 6;
const MARGIN = 8;

interface Trigger {
  onPointerEnter?: (event: PointerEvent) => void;
  onPointerLeave?: (event: PointerEvent) => void;
  onPointerDown?: (event: PointerEvent) => void;
  onFocus?: (event: FocusEvent) => void;
  onBlur?: (event: FocusEvent) => void;
  onClick?: (event: MouseEvent) => void;
  "aria-describedby"?: string;
  "aria-label"?: string;
  "aria-disabled"?: boolean;
}

function newTimer() {
  let running = 0;
  const stop = () => window.clearTimeout(running);
  return {
    stop,
    start: (then: () => void, wait: number) => {
      stop();
      running = window.setTimeout(then, wait);
    },
  };
}

/** A short explanation on hover and focus. Never the only place where something important is said. */
export function Tooltip({ text, children, side = "top" }: { text: ReactNode; children: ReactElement; side?: Side }) {
  const id = useId();
  const [anchor, setAnchor] = useState<Element | null>(null);
  const [timer] = useState(newTimer);
  useEffect(() => () => timer.stop(), [timer]);
  if (!text) return children;

  const child = children as ReactElement<Trigger>;
  const later = (next: Element | null, wait: number) => timer.start(() => setAnchor(next), wait);
  const now = (next: Element | null) => {
    timer.stop();
    setAnchor(next);
  };
  const own = child.props;
  return (
    <>
      {cloneElement(child, {
        onPointerEnter: (event) => {
          own.onPointerEnter?.(event);
          if (event.pointerType !== "touch") later(event.currentTarget, SHOW);
        },
        onPointerLeave: (event) => {
          own.onPointerLeave?.(event);
          if (event.pointerType !== "touch") later(null, HIDE);
        },
        onPointerDown: (event) => {
          own.onPointerDown?.(event);
          now(null);
        },
        onFocus: (event) => {
          own.onFocus?.(event);
          if (event.currentTarget.matches(":focus-visible")) now(event.currentTarget);
        },
        onBlur: (event) => {
          own.onBlur?.(event);
          now(null);
        },
        onClick: (event) => {
          own.onClick?.(event);
          // A finger cannot hover: tapping what rests shows why it does.
          if (own["aria-disabled"]) now(event.currentTarget);
        },
        "aria-describedby":
          anchor && text !== own["aria-label"]
            ? [own["aria-describedby"], id].filter(Boolean).join(" ")
            : own["aria-describedby"],
      })}
      {anchor &&
        createPortal(
          <Bubble
            id={id}
            anchor={anchor}
            side={side}
            onEnter={() => timer.stop()}
            onLeave={() => later(null, HIDE)}
            onClose={() => now(null)}
          >
            {text}
          </Bubble>,
          document.body,
        )}
    </>
  );
}

function Bubble({
  id,
  anchor,
  side,
  onEnter,
  onLeave,
  onClose,
  children,
}: {
  id: string;
  anchor: Element;
  side: Side;
  onEnter: () => void;
  onLeave: () => void;
  onClose: () => void;
  children: ReactNode;
}) {
  const element = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  useLayoutEffect(() => {
    close.current = onClose;
  });
  useLayoutEffect(() => {
    if (element.current) place(element.current, anchor.getBoundingClientRect(), side);
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => event.key === "Escape" && close.current();
    const onScroll = () => close.current();
    document.addEventListener("keydown", onKey);
    document.addEventListener("scroll", onScroll, true);
    // The anchor may leave the page under the pointer; nothing tells that it did.
    const watch = window.setInterval(() => !anchor.isConnected && close.current(), 500);
    return () => {
      document.removeEventListener("keydown", onKey);
      document.removeEventListener("scroll", onScroll, true);
      window.clearInterval(watch);
    };
  }, [anchor]);
  return (
    <div
      ref={element}
      id={id}
      role="tooltip"
      onPointerEnter={onEnter}
      onPointerLeave={onLeave}
      className="fixed top-0 left-0 z-50 w-max max-w-72 rounded-md bg-ink px-2.5 py-1.5 text-xs text-canvas shadow-pop"
    >
      {children}
    </div>
  );
}

/** Beside its anchor, on the other side when there is no room, never outside the window. */
function place(bubble: HTMLElement, anchor: DOMRect, side: Side): void {
  const { offsetWidth: width, offsetHeight: height } = bubble;
  const clamp = (at: number, size: number, room: number) => Math.max(MARGIN, Math.min(at, room - size - MARGIN));
  let left = anchor.left + (anchor.width - width) / 2;
  let top = side === "bottom" ? anchor.bottom + GAP : anchor.top - height - GAP;
  if (side === "right") {
    left = anchor.right + GAP;
    top = anchor.top + (anchor.height - height) / 2;
  } else if (top < MARGIN) top = anchor.bottom + GAP;
  else if (top + height > window.innerHeight - MARGIN) top = anchor.top - height - GAP;
  bubble.style.translate = `${Math.round(clamp(left, width, window.innerWidth))}px ${Math.round(clamp(top, height, window.innerHeight))}px`;
}
