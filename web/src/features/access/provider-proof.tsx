import { Trans } from "@lingui/react/macro";
import { KeyRound } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { AgainFor } from "@/api/types-access";
import { confirmAtProvider, SignOnRefused } from "@/session/provider";
import { Button } from "@/ui/button";
import { ActError } from "@/ui/states";
import { SignOnRefusal } from "./sign-on-refusal";

/** Confirms at the identity provider that it is still the same person; its window opens beside this one. */
export function ProviderProof({ name, purpose, onDone }: { name: string; purpose: AgainFor; onDone: () => void }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const waiting = useRef<AbortController>(undefined);
  useEffect(() => () => waiting.current?.abort(), []);
  const begin = async () => {
    waiting.current?.abort();
    const mine = new AbortController();
    waiting.current = mine;
    setBusy(true);
    setError(null);
    try {
      await confirmAtProvider(purpose, mine.signal);
      onDone();
    } catch (failure) {
      if (!mine.signal.aborted) setError(failure);
    } finally {
      if (waiting.current === mine) setBusy(false);
    }
  };
  return (
    <div className="flex flex-col gap-2">
      <Button icon={<KeyRound />} className="self-start" onClick={() => void begin()}>
        {busy ? <Trans>Waiting for {name}; open its window again</Trans> : <Trans>Confirm with {name}</Trans>}
      </Button>
      {error instanceof SignOnRefused ? (
        <p role="alert" className="text-red">
          <SignOnRefusal reason={error.reason} />
        </p>
      ) : (
        <ActError error={error} />
      )}
    </div>
  );
}
