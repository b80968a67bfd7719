import { Trans, useLingui } from "@lingui/react/macro";
import { CircleAlert, RotateCw, X } from "lucide-react";
import { isProblem, NetworkError } from "@/api/problems";
import { Button, IconButton } from "@/ui/button";
import { ActError } from "@/ui/states";
import { useRefusal } from "./refusal";
import { useSize } from "./size";
import type { OutboxState, Sending } from "./use-outbox";

/** Files on their way, and those that were not taken, each with its reason. */
export function Outbox({ outbox }: { outbox: OutboxState }) {
  const { t } = useLingui();
  if (outbox.sending.length === 0) return null;
  return (
    <ul aria-label={t`Files being sent`} className="border-b border-line bg-sunken">
      {outbox.sending.map((each) => (
        <li key={each.key} className="flex flex-col gap-1.5 border-b border-line px-4 py-2 last:border-0">
          <SendingRow one={each} outbox={outbox} />
        </li>
      ))}
    </ul>
  );
}

function SendingRow({ one, outbox }: { one: Sending; outbox: OutboxState }) {
  const { t } = useLingui();
  const size = useSize();
  const refused = Boolean(one.error);
  const why = useRefusal()(one.error);
  // What the content or the name is at fault for will be refused again.
  const worthTrying = one.error instanceof NetworkError || (isProblem(one.error) && one.error.status >= 429);
  return (
    <>
      <div className="flex min-w-0 items-center gap-2">
        <span className="min-w-0 flex-1 truncate" title={one.file.name}>
          {one.file.name}
        </span>
        <span className="text-xs text-muted tabular-nums">{size(one.file.size)}</span>
        {worthTrying && (
          <Button icon={<RotateCw />} onClick={() => outbox.again(one)}>
            <Trans>Try again</Trans>
          </Button>
        )}
        <IconButton
          icon={<X />}
          label={refused ? t`Dismiss ${one.file.name}` : t`Stop sending ${one.file.name}`}
          onClick={() => outbox.remove(one)}
        />
      </div>
      {why ? (
        <p role="alert" className="flex items-start gap-2 text-red">
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          {why}
        </p>
      ) : refused ? (
        <ActError error={one.error} beside />
      ) : (
        <progress
          aria-label={t`Sending ${one.file.name}`}
          value={one.share}
          max={1}
          className="h-1 w-full overflow-hidden rounded-full accent-accent"
        />
      )}
    </>
  );
}
