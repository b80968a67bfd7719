import { cx } from "./cx";
import { useLingui } from "@lingui/react/macro";
import { Search, X } from "lucide-react";
import { useEffect, useState } from "react";
import { useDebounced } from "@/shell/debounced";

/** The search of a list. What is typed reaches `onChange` after a short rest; the owner keeps it in the address bar. */
export function SearchBox({
  value,
  onChange,
  label,
  placeholder,
  compact,
}: {
  value: string;
  onChange: (text: string) => void;
  label: string;
  placeholder?: string;
  /** Beside other filters, where room is scarce. */
  compact?: boolean;
}) {
  const { t } = useLingui();
  const [text, setText] = useState(value);
  const settled = useDebounced(text, 250);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (settled !== value && settled === text) onChange(settled);
    // Only what was typed is sent on; `value` following the address bar must not echo back.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [settled]);
  return (
    <div
      className={cx(
        "control flex w-auto! min-w-0 flex-1 items-center gap-2 sm:flex-none",
        compact ? "sm:w-60!" : "sm:w-80!",
      )}
    >
      <Search aria-hidden className="size-4 shrink-0 text-muted" />
      <input
        type="search"
        aria-label={label}
        placeholder={placeholder ?? label}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
        className="min-w-0 flex-1 bg-transparent outline-none [&::-webkit-search-cancel-button]:hidden"
      />
      {text && (
        <button
          type="button"
          aria-label={t`Clear search`}
          onClick={() => setText("")}
          className="grid size-6 place-items-center rounded-sm text-muted hover:bg-hover"
        >
          <X className="size-3.5" />
        </button>
      )}
    </div>
  );
}
