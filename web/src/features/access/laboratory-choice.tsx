import { Trans } from "@lingui/react/macro";
import { ArrowLeft, Building2, ChevronRight } from "lucide-react";
import { FrontTitle } from "@/shell/front";
import { Button } from "@/ui/button";
import { ActError } from "@/ui/states";

/** Whoever works in several laboratories says into which one they go. */
export function LaboratoryChoice({
  email,
  choices,
  busy,
  error,
  onChoose,
  onBack,
}: {
  email: string;
  choices: readonly { slug: string; name: string }[];
  busy: boolean;
  error: unknown;
  onChoose: (slug: string) => void;
  onBack: () => void;
}) {
  return (
    <>
      <FrontTitle title={<Trans>Which laboratory?</Trans>} lead={<Trans>{email} works in more than one.</Trans>} />
      <ul className="flex flex-col gap-2">
        {choices.map((choice) => (
          <li key={choice.slug}>
            <button
              type="button"
              disabled={busy}
              onClick={() => onChoose(choice.slug)}
              className="flex w-full items-center gap-3 rounded-lg border border-line-strong bg-surface px-4 py-3 text-start hover:border-accent hover:bg-hover"
            >
              <Building2 aria-hidden className="size-5 text-accent" />
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{choice.name}</span>
                <span className="mono block truncate text-muted">{choice.slug}</span>
              </span>
              <ChevronRight aria-hidden className="size-4 text-muted" />
            </button>
          </li>
        ))}
      </ul>
      <ActError error={error} className="mt-4" />
      <Button tone="ghost" className="mt-4 -ms-3 self-start" icon={<ArrowLeft />} onClick={onBack}>
        <Trans>Back</Trans>
      </Button>
    </>
  );
}
