import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Button } from "@/ui/button";
import { CopyButton } from "@/ui/copy-button";
import { ScrollRegion } from "@/ui/scroll-region";
import { fromBase64 } from "./merkle";

/** The ledger's entry as it is stored: readable, and exact on request. One click deeper than the words. */
export function RawEntry({ entry }: { entry: string }) {
  const { t } = useLingui();
  const [exact, setExact] = useState(false);
  const text = new TextDecoder().decode(fromBase64(entry));
  return (
    <details className="rounded-lg border border-line bg-surface">
      <summary className="min-h-11 px-4 py-3 font-semibold select-none hover:bg-hover">
        <Trans>Raw entry</Trans>
      </summary>
      <div className="border-t border-line p-4">
        <div className="mb-3 flex flex-wrap items-center gap-2">
          <p className="min-w-0 flex-1 text-xs text-muted">
            {exact ? (
              <Trans>These exact bytes are hashed; nothing may be added, not even a space.</Trans>
            ) : (
              <Trans>Set apart for reading. The exact bytes are one line.</Trans>
            )}
          </p>
          <Button aria-pressed={exact} onClick={() => setExact(!exact)}>
            {exact ? <Trans>Readable</Trans> : <Trans>Exact bytes</Trans>}
          </Button>
          <CopyButton text={text} />
        </div>
        <ScrollRegion label={t`Raw entry`} className="max-h-96 overflow-auto rounded-md bg-sunken p-3">
          <pre className="mono text-xs break-all whitespace-pre-wrap">{exact ? text : pretty(text)}</pre>
        </ScrollRegion>
      </div>
    </details>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
