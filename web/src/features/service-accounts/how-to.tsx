import { Trans, useLingui } from "@lingui/react/macro";
import { CopyButton } from "@/ui/copy-button";
import { Card } from "@/ui/page";

/** How a program signs in, to hand to whoever writes it. */
export function HowToUse() {
  const { t } = useLingui();
  const command = `curl ${window.location.origin}/api/v1/me -H "Authorization: Bearer att_…"`;
  return (
    <Card id="use" title={t`How a program uses it`}>
      <p className="text-muted">
        <Trans>
          With every request it sends the token, and with each one that creates something an Idempotency-Key of its own,
          so that a repeated request is not done twice.
        </Trans>
      </p>
      <code className="mono mt-3 block rounded-md bg-sunken px-2.5 py-1.5 text-xs break-all select-all">{command}</code>
      <div className="mt-2 flex flex-wrap items-center gap-2">
        <CopyButton text={command} />
        <a href="/api/docs" className="text-accent underline underline-offset-2">
          <Trans>The whole interface</Trans>
        </a>
      </div>
    </Card>
  );
}
