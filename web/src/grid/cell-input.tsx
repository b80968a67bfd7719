import { useEffect, useRef } from "react";
import { cx } from "@/ui/cx";

/** The field inside the active cell while it is typed into. */
export function CellInput({
  text,
  caret,
  label,
  listId,
  choices,
  align,
  onText,
  onLeave,
}: {
  text: string;
  caret: boolean;
  label: string;
  listId?: string;
  choices?: readonly string[];
  align?: "end";
  onText: (text: string) => void;
  onLeave: () => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current?.focus();
    input.current?.setSelectionRange(text.length, text.length);
    // Once, when editing begins.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  return (
    <>
      <input
        ref={input}
        aria-label={label}
        list={listId}
        value={text}
        autoComplete="off"
        spellCheck={false}
        enterKeyHint="next"
        data-caret={caret || undefined}
        onChange={(event) => onText(event.target.value)}
        onBlur={onLeave}
        className={cx(
          "mono absolute inset-0 bg-surface px-2.5 ring-2 ring-accent outline-none ring-inset select-text",
          align === "end" && "text-end",
        )}
      />
      {choices && (
        <datalist id={listId}>
          {choices.map((choice) => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
        </datalist>
      )}
    </>
  );
}
