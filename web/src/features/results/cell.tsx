import { useLingui } from "@lingui/react/macro";
import { ArrowDown, ArrowUp, ChevronsDown, ChevronsUp, CircleAlert, CloudUpload, Siren } from "lucide-react";
import type { Flag } from "@/api/types";
import { cx } from "@/ui/cx";
import type { Desk } from "./desk";
import { isCritical } from "./value";

/** A value in its cell: the digits, a flag by letter and arrow, and whether it is still only typed. */
export function ValueCell({ desk }: { desk: Desk }) {
  const { t } = useLingui();
  const critical = isCritical(desk.flags);
  const shown = desk.draft?.value === undefined ? (desk.result.display ?? desk.value) : desk.value;
  return (
    <>
      {desk.travelling && (
        <CloudUpload role="img" aria-label={t`On its way to the server`} className="size-3.5 shrink-0 text-muted" />
      )}
      {desk.trouble && desk.trouble !== "empty" && (
        <CircleAlert
          role="img"
          aria-label={t`Needs a look`}
          className={cx("size-3.5 shrink-0", critical ? "" : "text-red")}
        />
      )}
      <FlagLetter flags={desk.flags} />
      <span className={cx("mono truncate", desk.draft?.value !== undefined && "font-semibold")}>{shown}</span>
      {desk.draft && !desk.travelling && (
        <>
          <span
            aria-hidden
            className={cx(
              "absolute top-0 right-0 border-[5px] border-transparent",
              critical
                ? "border-t-white border-r-white"
                : desk.trouble
                  ? "border-t-red border-r-red"
                  : "border-t-accent border-r-accent",
            )}
          />
          <span className="sr-only">{t`typed, not saved`}</span>
        </>
      )}
    </>
  );
}

export function valueCellClass(desk: Desk): string {
  if (isCritical(desk.flags)) return "bg-critical text-on-critical";
  if (desk.travelling) return "bg-sunken text-muted";
  if (desk.trouble && desk.trouble !== "empty") return "bg-red-tint";
  if (desk.flags.some((flag) => flag === "L" || flag === "H")) return "bg-red-tint text-red";
  if (desk.flags.some((flag) => flag === "warn_low" || flag === "warn_high")) return "bg-amber-tint text-amber";
  return desk.draft || desk.result.status === "pending" ? "bg-surface" : "text-ink";
}

function FlagLetter({ flags }: { flags: readonly Flag[] }) {
  const { t } = useLingui();
  const look = {
    critical_low: { icon: Siren, letter: "LL", label: t`Critically low` },
    critical_high: { icon: Siren, letter: "HH", label: t`Critically high` },
    LL: { icon: ChevronsDown, letter: "LL", label: t`Far below the limit` },
    HH: { icon: ChevronsUp, letter: "HH", label: t`Far above the limit` },
    L: { icon: ArrowDown, letter: "L", label: t`Below the limit` },
    H: { icon: ArrowUp, letter: "H", label: t`Above the limit` },
    warn_low: { icon: ArrowDown, letter: "w", label: t`Below the warning limit` },
    warn_high: { icon: ArrowUp, letter: "w", label: t`Above the warning limit` },
  };
  const flag = (["critical_low", "critical_high", "LL", "HH", "L", "H", "warn_low", "warn_high"] as const).find(
    (each) => flags.includes(each),
  );
  if (!flag) return null;
  const { icon: Icon, letter, label } = look[flag];
  return (
    <span className="inline-flex shrink-0 items-center gap-0.5 text-xs font-semibold" title={label}>
      <Icon aria-hidden className="size-3.5" />
      <span aria-hidden>{letter}</span>
      <span className="sr-only">{label}</span>
    </span>
  );
}
