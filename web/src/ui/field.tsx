import { CircleAlert } from "lucide-react";
import { type ComponentProps, type ReactNode, useId } from "react";
import { cx } from "./cx";

interface FieldProps {
  label: ReactNode;
  hint?: ReactNode;
  /** Stays beside the field until the next attempt. */
  error?: ReactNode;
  required?: boolean;
  className?: string;
}

/** Ids and ARIA that tie a control to its label, hint and error. */
export interface ControlProps {
  id: string;
  "aria-describedby"?: string;
  "aria-invalid"?: true;
  "aria-required"?: true;
}

export function Field({
  label,
  hint,
  error,
  required,
  className,
  children,
}: FieldProps & { children: (control: ControlProps) => ReactNode }) {
  const id = useId();
  const described = [error ? `${id}-error` : null, hint ? `${id}-hint` : null].filter(Boolean).join(" ");
  return (
    <div className={cx("flex min-w-0 flex-col gap-1", className)}>
      <label htmlFor={id} className="flex items-baseline gap-0.5 text-xs font-medium text-ink">
        {label}
        {required && (
          <span aria-hidden className="text-red">
            *
          </span>
        )}
      </label>
      {children({
        id,
        "aria-describedby": described || undefined,
        "aria-invalid": error ? true : undefined,
        "aria-required": required ? true : undefined,
      })}
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
      {hint && (
        <p id={`${id}-hint`} className="text-xs text-muted">
          {hint}
        </p>
      )}
    </div>
  );
}

export function FieldError({ id, children }: { id?: string; children: ReactNode }) {
  return (
    <p id={id} className="flex items-start gap-1 text-xs text-red">
      <CircleAlert aria-hidden className="mt-0.5 size-3 shrink-0" />
      <span>{children}</span>
    </p>
  );
}

export function TextField({
  label,
  hint,
  error,
  required,
  className,
  mono,
  short,
  ...input
}: FieldProps &
  Omit<ComponentProps<"input">, "required" | "className"> & {
    mono?: boolean;
    /** For a number of a few digits. */
    short?: boolean;
  }) {
  return (
    <Field {...{ label, hint, error, required, className }}>
      {(control) => <input {...control} {...input} className={cx("control", mono && "mono", short && "w-28!")} />}
    </Field>
  );
}

export function TextAreaField({
  label,
  hint,
  error,
  required,
  className,
  rows = 3,
  ...input
}: FieldProps & Omit<ComponentProps<"textarea">, "required" | "className">) {
  return (
    <Field {...{ label, hint, error, required, className }}>
      {(control) => <textarea {...control} {...input} rows={rows} className="control py-1.5" />}
    </Field>
  );
}

export interface Option<V extends string> {
  value: V;
  label: string;
}

/** A native select: fastest on every device and with every screen reader; long lists use a combobox. */
export function SelectField<V extends string>({
  label,
  hint,
  error,
  required,
  className,
  options,
  value,
  onChange,
  empty,
  disabled,
}: FieldProps & {
  options: readonly Option<V>[];
  value: V | "";
  onChange: (value: V | "") => void;
  /** Text of the empty choice; without it a choice must be made. */
  empty?: string;
  disabled?: boolean;
}) {
  return (
    <Field {...{ label, hint, error, required, className }}>
      {(control) => (
        <select
          {...control}
          className="control"
          value={value}
          disabled={disabled}
          onChange={(event) => onChange(event.target.value as V | "")}
        >
          {(empty !== undefined || value === "") && <option value="">{empty ?? ""}</option>}
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** One of a few choices, all visible: a radio group drawn as a segmented control. */
export function ChoiceField<V extends string>({
  label,
  hideLabel,
  options,
  value,
  onChange,
  error,
  className,
}: {
  label: string;
  hideLabel?: boolean;
  options: readonly { value: V; label: ReactNode; icon?: ReactNode }[];
  value: V | null;
  onChange: (value: V) => void;
  error?: ReactNode;
  className?: string;
}) {
  const name = useId();
  return (
    <fieldset
      className={cx("flex min-w-0 flex-col gap-1", className)}
      aria-describedby={error ? `${name}-error` : undefined}
    >
      <legend className={hideLabel ? "sr-only" : "mb-1 text-xs font-medium"}>{label}</legend>
      <div className="inline-flex w-fit max-w-full flex-wrap rounded-md border border-control bg-surface p-0.5">
        {options.map((option) => (
          <label
            key={option.value}
            className="flex min-h-[calc(var(--control)-6px)] items-center gap-1.5 rounded-sm px-2.5 text-muted select-none hover:text-ink has-checked:bg-selected has-checked:font-medium has-checked:text-accent has-focus-visible:outline-2 has-focus-visible:outline-accent [&_svg]:size-4"
          >
            <input
              type="radio"
              className="sr-only"
              name={name}
              checked={value === option.value}
              onChange={() => onChange(option.value)}
            />
            {option.icon}
            {option.label}
          </label>
        ))}
      </div>
      {error && <FieldError id={`${name}-error`}>{error}</FieldError>}
    </fieldset>
  );
}

export function CheckField({
  label,
  checked,
  onChange,
  hint,
}: {
  label: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  hint?: ReactNode;
}) {
  const id = useId();
  return (
    <div className="flex items-start gap-2">
      <input
        id={id}
        type="checkbox"
        className="mt-0.5 size-4 accent-accent"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
        aria-describedby={hint ? `${id}-hint` : undefined}
      />
      <div className="min-w-0">
        <label htmlFor={id}>{label}</label>
        {hint && (
          <p id={`${id}-hint`} className="text-xs text-muted">
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}
