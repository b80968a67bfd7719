import { Plural, Trans } from "@lingui/react/macro";
import { Check } from "lucide-react";
import type { Result } from "@/api/types";
import type { PastePlan } from "@/grid/clipboard";
import { useTime } from "@/session/time";
import type { Desk } from "./desk";
import { type DraftStore, useDrafts } from "./drafts";
import { limitText } from "./marks";

/** How a pasted block landed: what did not fit is said, never dropped in silence. */
export function PastedNote({ plan, refused }: { plan: PastePlan; refused: number }) {
  const inside = plan.placements.length - refused;
  const lost = refused + plan.outside;
  return (
    <>
      <Plural value={inside} one="# value pasted" other="# values pasted" />
      {plan.by === "name" && <Trans>, matched by accession number</Trans>}
      {lost > 0 && (
        <span className="font-medium">
          .{" "}
          <Plural
            value={lost}
            one="# did not fit anywhere and was left out."
            other="# did not fit anywhere and were left out."
          />
        </span>
      )}
    </>
  );
}

/** What was saved last is still said when it was the last of its list. */
export function LastSaved({ store }: { store: DraftStore }) {
  useDrafts(store);
  const time = useTime();
  if (!store.lastSaved) return null;
  return (
    <span role="status" className="mt-2 flex items-center justify-center gap-1.5 text-green">
      <Check aria-hidden className="size-4 shrink-0" />
      <Plural value={store.lastSaved.count} one="# result saved" other="# results saved" />,{" "}
      {time.dateTime(store.lastSaved.at).slice(11)}
    </span>
  );
}

/** Drafts of results that this list does not show: said, so that nobody wonders where they went. */
export function ElsewhereDrafts({ store, here }: { store: DraftStore; here: readonly Result[] }) {
  const { drafts } = useDrafts(store);
  const shown = new Set(here.map((each) => each.id));
  const others = Object.keys(drafts).filter((id) => !shown.has(id));
  if (others.length === 0) return null;
  return (
    <p className="flex flex-wrap items-center gap-x-3 border-t border-line bg-amber-tint px-4 py-1.5 text-amber sm:px-6">
      <Plural
        value={others.length}
        one="# typed result is not in this list. It is kept; take the filters away to see it."
        other="# typed results are not in this list. They are kept; take the filters away to see them."
      />
      <button type="button" className="min-h-6 font-medium underline" onClick={() => store.discard(others)}>
        <Trans>Discard them</Trans>
      </button>
    </p>
  );
}

/** The inspector's gist where there is no room beside the table. */
export function Strip({ desk, trouble }: { desk: Desk; trouble: string | null }) {
  const limits = limitText(desk.result.limits);
  return (
    <div className="flex flex-wrap gap-x-4 gap-y-0.5 border-t border-line bg-canvas px-4 py-2 text-xs sm:px-6">
      <span className="font-medium">{desk.result.test.name}</span>
      {limits && (
        <span className="text-muted">
          <Trans>Limit {limits}</Trans> {desk.result.unit}
        </span>
      )}
      <span className="text-muted">
        <Trans>Previously {desk.result.previous?.display ?? desk.result.previous?.value ?? "–"}</Trans>
      </span>
      {trouble && <span className="text-red">{trouble}</span>}
    </div>
  );
}
