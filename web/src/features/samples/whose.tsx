import { Trans, useLingui } from "@lingui/react/macro";
import type { LinkProps } from "@tanstack/react-router";
import type { SampleSummary } from "@/api/types";
import { Tooltip } from "@/ui/tooltip";

export function sampleLink(id: string) {
  return { to: "/samples/$id", params: { id } } as const satisfies LinkProps;
}

/** Client or patient; a reader without the right sees that there is one, not who. */
export function Whose({ sample }: { sample: Pick<SampleSummary, "client" | "patient"> }) {
  if (sample.client) return <>{sample.client.name}</>;
  if (sample.patient) return sample.patient.name === null ? <Hidden /> : <>{sample.patient.name}</>;
  return <None />;
}

function Hidden() {
  const { t } = useLingui();
  return (
    <Tooltip text={t`Your roles do not show patients' names.`}>
      <span className="rounded-sm bg-sunken px-1.5 text-muted">
        <Trans>name hidden</Trans>
      </span>
    </Tooltip>
  );
}

const None = () => <span className="text-faint">–</span>;
