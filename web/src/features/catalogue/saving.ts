import { useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { isProblem } from "@/api/problems";
import type { Resource } from "@/api/types";
import { differing } from "./changes";

interface Act<I> {
  mutate: (input: I, then: { onSuccess: () => void }) => void;
  error: unknown;
  isPending: boolean;
}

/**
 * How the form of a catalogue record is saved: a new one whole, a known one by what differs, and only over the version that was
 * looked at. `data` is what the form says now, `before` what the record says.
 */
export function useSaving<D extends object>({
  record,
  data,
  before,
  create,
  patch,
  onClose,
}: {
  record: Pick<Resource, "id" | "version"> | null;
  data: D;
  before: D | undefined;
  create: Act<{ body: D }>;
  patch: Act<{ path: { id: string }; body: Partial<D>; options: { version: number } }>;
  onClose: () => void;
}) {
  const { t } = useLingui();
  const [tried, setTried] = useState(false);
  const error = create.error ?? patch.error;
  const changes = differing(data, before);
  return {
    error,
    /** Saving was tried: from now on the form says what is wrong with it. */
    tried,
    /** The form's own error once saving was tried, else what the server says of the field. */
    fault: (path: string, mine?: string) =>
      (tried ? mine : undefined) ?? (isProblem(error) ? error.field(path) : undefined),
    /** What the dialog around the form needs. */
    dialog: (errors: readonly (string | undefined)[]) => ({
      onClose,
      busy: create.isPending || patch.isPending,
      label: t`Save`,
      disabledReason: record && Object.keys(changes).length === 0 ? t`Nothing is changed.` : undefined,
      onSubmit: () => {
        setTried(true);
        if (errors.some(Boolean)) return;
        const then = { onSuccess: onClose };
        if (record)
          patch.mutate({ path: { id: record.id }, body: changes, options: { version: record.version } }, then);
        else create.mutate({ body: data }, then);
      },
    }),
  };
}
