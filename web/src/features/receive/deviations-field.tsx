import { useLingui } from "@lingui/react/macro";
import { Plus, X } from "lucide-react";
import { useId, useState } from "react";
import { Button } from "@/ui/button";

/** Deviations on receipt: usual ones by one click, others in words. They are printed on the report as they stand. */
export function DeviationsField({ value, onChange }: { value: string[]; onChange: (value: string[]) => void }) {
  const { t } = useLingui();
  const id = useId();
  const [text, setText] = useState("");
  const usual = [
    t`Received warm`,
    t`Received partially frozen`,
    t`Container damaged`,
    t`Volume too small`,
    t`Label incomplete`,
    t`Holding time exceeded on receipt`,
  ];
  const add = (deviation: string) => {
    const clean = deviation.trim();
    if (clean && !value.includes(clean)) onChange([...value, clean]);
    setText("");
  };
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="text-xs font-medium">
        {t`Deviations`}
      </label>
      {value.length > 0 && (
        <ul className="flex flex-wrap gap-1">
          {value.map((deviation) => (
            <li
              key={deviation}
              className="flex min-h-7 max-w-full items-center gap-0.5 rounded-md bg-amber-tint ps-2.5 text-xs text-amber"
            >
              <span className="truncate">{deviation}</span>
              <button
                type="button"
                aria-label={t`Remove ${deviation}`}
                className="grid size-7 place-items-center rounded-md hover:bg-hover"
                onClick={() => onChange(value.filter((each) => each !== deviation))}
              >
                <X className="size-3.5" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="flex gap-2">
        <input
          id={id}
          className="control"
          value={text}
          placeholder={t`In your words`}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || !text.trim()) return;
            event.preventDefault();
            add(text);
          }}
        />
        <Button
          icon={<Plus />}
          onClick={() => add(text)}
          disabledReason={text.trim() ? undefined : t`Write the deviation first.`}
        >
          {t`Add`}
        </Button>
      </div>
      <div className="flex flex-wrap gap-1">
        {usual
          .filter((each) => !value.includes(each))
          .map((each) => (
            <button
              key={each}
              type="button"
              onClick={() => add(each)}
              className="min-h-7 rounded-md border border-dashed border-line-strong px-2 text-xs text-muted hover:border-accent hover:text-accent"
            >
              {each}
            </button>
          ))}
      </div>
    </div>
  );
}
