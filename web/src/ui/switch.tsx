import { cx } from "./cx";
import { Tooltip } from "./tooltip";

/** Something that is on or off and changes at once, without saving. */
export function Switch({
  label,
  on,
  onChange,
  busy,
  disabledReason,
}: {
  /** Names it for everybody who does not see where it stands. */
  label: string;
  on: boolean;
  onChange: (on: boolean) => void;
  busy?: boolean;
  disabledReason?: string;
}) {
  const off = Boolean(disabledReason) || busy;
  return (
    <Tooltip text={disabledReason}>
      <button
        type="button"
        role="switch"
        aria-checked={on}
        aria-label={label}
        aria-busy={busy || undefined}
        aria-disabled={off || undefined}
        onClick={off ? undefined : () => onChange(!on)}
        className="grid min-h-6 min-w-10 shrink-0 place-items-center rounded-full pointer-coarse:min-h-11"
      >
        <span
          className={cx(
            "flex h-5 w-9 items-center rounded-full border p-0.5 transition-colors duration-100",
            on ? "border-transparent bg-accent" : "border-control bg-surface",
            off && "opacity-60",
          )}
        >
          <span
            className={cx(
              "size-3.5 rounded-full transition-transform duration-100",
              on ? "translate-x-4 bg-on-accent" : "bg-control",
            )}
          />
        </span>
      </button>
    </Tooltip>
  );
}
