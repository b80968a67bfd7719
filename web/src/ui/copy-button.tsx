import { Trans } from "@lingui/react/macro";
import { Copy, CopyCheck } from "lucide-react";
import { useState } from "react";
import { Button } from "./button";

/** Copies a text; says that it did on the button itself. */
export function CopyButton({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <Button
      icon={copied ? <CopyCheck /> : <Copy />}
      onClick={() =>
        void navigator.clipboard.writeText(text).then(
          () => setCopied(true),
          () => setCopied(false),
        )
      }
    >
      {copied ? <Trans>Copied</Trans> : <Trans>Copy</Trans>}
    </Button>
  );
}
