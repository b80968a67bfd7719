import { useLingui } from "@lingui/react/macro";
import { useApi } from "@/api/queries";
import { CheckField, FieldError } from "@/ui/field";
import { ErrorState, Skeleton } from "@/ui/states";

/** Which events are told, grouped by what they happen to. */
export function EventChoice({
  value,
  onChange,
  error,
}: {
  value: ReadonlySet<string>;
  onChange: (value: ReadonlySet<string>) => void;
  error?: string;
}) {
  const { t } = useLingui();
  const events = useApi("GET /webhooks/events", { query: {} });
  const groups: readonly (readonly [name: string, objects: readonly string[]])[] = [
    [t`Samples`, ["sample"]],
    [t`Results`, ["results", "result"]],
    [t`Critical values`, ["critical"]],
    [t`Reports`, ["report"]],
    [t`Orders`, ["order"]],
    [t`Catalogue`, ["sample_type", "test", "panel", "specification"]],
  ];
  if (events.error && !events.data)
    return <ErrorState error={events.error} onRetry={() => void events.refetch()} className="py-4" />;
  if (!events.data) return <Skeleton className="h-64 w-full" />;
  const { items } = events.data;
  const toggle = (name: string, on: boolean) =>
    onChange(on ? new Set([...value, name]) : new Set([...value].filter((each) => each !== name)));
  return (
    <fieldset className="flex min-w-0 flex-col gap-1">
      <legend className="mb-1 text-xs font-medium">{t`What is told`}</legend>
      {error && <FieldError>{error}</FieldError>}
      <div
        // A region that scrolls must be reachable without a pointer (WCAG 2.1.1); its boxes are.
        className="grid max-h-80 gap-4 overflow-y-auto rounded-md border border-line p-3 sm:grid-cols-2"
      >
        {groups.map(([name, objects]) => (
          <fieldset key={name} className="flex min-w-0 flex-col gap-1.5">
            <legend className="mb-1 text-xs font-semibold text-muted">{name}</legend>
            {items
              .filter((event) => objects.includes(event.name.split(".")[0] ?? ""))
              .map((event) => (
                <CheckField
                  key={event.name}
                  label={event.description}
                  checked={value.has(event.name)}
                  onChange={(on) => toggle(event.name, on)}
                />
              ))}
          </fieldset>
        ))}
      </div>
    </fieldset>
  );
}
