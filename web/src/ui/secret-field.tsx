import { useLingui } from "@lingui/react/macro";
import { Eye, EyeOff } from "lucide-react";
import { type ComponentProps, type ReactNode, useState } from "react";
import { Field } from "./field";

/** A password or PIN; what was typed can be looked at. */
export function SecretField({
  label,
  hint,
  error,
  required,
  className,
  below,
  ...input
}: Omit<ComponentProps<"input">, "required" | "className" | "type"> & {
  label: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  required?: boolean;
  className?: string;
  /** Stands right under the input, above hint and error. */
  below?: ReactNode;
}) {
  const { t } = useLingui();
  const [shown, setShown] = useState(false);
  return (
    <Field {...{ label, hint, error, required, className }}>
      {(control) => (
        <>
          <div className="control flex items-center pe-1!">
            <input
              {...control}
              {...input}
              type={shown ? "text" : "password"}
              spellCheck={false}
              autoCapitalize="none"
              className="min-w-0 flex-1 bg-transparent py-1 outline-none"
            />
            <button
              type="button"
              aria-pressed={shown}
              aria-label={t`Show password`}
              onClick={() => setShown(!shown)}
              className="grid size-7 shrink-0 place-items-center rounded-sm text-muted pointer-coarse:size-9 hover:bg-hover hover:text-ink"
            >
              {shown ? <EyeOff className="size-4" /> : <Eye className="size-4" />}
            </button>
          </div>
          {below}
        </>
      )}
    </Field>
  );
}
