import { useLingui } from "@lingui/react/macro";
import { X } from "lucide-react";

/** A filter that is on, in words, and the way to take it off. */
export function FilterChip({ text, onRemove }: { text: string; onRemove: () => void }) {
  const { t } = useLingui();
  return (
    <span className="flex min-h-7 max-w-full items-center gap-0.5 rounded-md bg-accent-tint ps-2.5 text-xs text-accent">
      <span className="truncate">{text}</span>
      <button
        type="button"
        aria-label={t`Remove filter ${text}`}
        onClick={onRemove}
        className="grid size-7 place-items-center rounded-md hover:bg-hover pointer-coarse:size-11"
      >
        <X aria-hidden className="size-3.5" />
      </button>
    </span>
  );
}
