import { Trans, useLingui } from "@lingui/react/macro";
import { ArrowRight, LockKeyhole } from "lucide-react";
import type { AuditChange, AuditEvent, SealedChange } from "@/api/types-records";
import { useNarrow } from "@/ui/media";
import { ScrollRegion } from "@/ui/scroll-region";
import { Tooltip } from "@/ui/tooltip";
import { useNames } from "./names";
import { useAuditWords } from "./words";

/** A difference on one line: what, before, after. */
export function ChangeLine({ change }: { change: AuditChange }) {
  const words = useAuditWords();
  const from = shortHash(words.value(change.from, change.path));
  const to = shortHash(words.value(change.to, change.path));
  return (
    <span className="inline-flex max-w-full flex-wrap items-baseline gap-x-1.5">
      <span className="text-muted">{change.label}</span>
      {from !== "–" && (
        <>
          <del className="mono rounded-sm bg-red-tint px-1 text-red decoration-red/50">{from}</del>
          {to !== "–" && <ArrowRight aria-hidden className="size-3 shrink-0 self-center text-muted" />}
        </>
      )}
      {to !== "–" && <ins className="mono rounded-sm bg-green-tint px-1 text-green no-underline">{to}</ins>}
    </span>
  );
}

/** Of a hash its beginning, in a list; the whole is on the event's page. */
const shortHash = (text: string) => (/^[0-9a-f]{64}$/.test(text) ? `${text.slice(0, 12)}…` : text);

/** All differences of an event as a table. Sealed values show what the reader may see. */
export function ChangeTable({ event }: { event: AuditEvent }) {
  const { t } = useLingui();
  const words = useAuditWords(useNames(event));
  const narrow = useNarrow();
  const cell = "border-t border-line px-4 py-2 align-top";
  if (narrow) return <StackedChanges event={event} words={words} />;
  return (
    <ScrollRegion label={t`What changed`} className="overflow-x-auto">
      <table className="w-full text-start">
        <caption className="sr-only">{t`What changed`}</caption>
        <thead className="text-xs text-muted">
          <tr className="*:px-4 *:py-2 *:text-start *:font-medium">
            <th scope="col">{t`Field`}</th>
            <th scope="col">{t`Before`}</th>
            <th scope="col">{t`After`}</th>
          </tr>
        </thead>
        <tbody>
          {event.changes.map((change) => (
            <tr key={change.path}>
              <th scope="row" className={`${cell} text-start font-normal`}>
                <span className="inline-block first-letter:uppercase">{change.label}</span>
              </th>
              <td className={cell}>
                {words.value(change.from, change.path) === "–" ? (
                  <span className="text-faint">–</span>
                ) : (
                  <del className="mono rounded-sm bg-red-tint px-1 text-red no-underline">
                    {words.value(change.from, change.path)}
                  </del>
                )}
              </td>
              <td className={cell}>
                {words.value(change.to, change.path) === "–" ? (
                  <span className="text-faint">–</span>
                ) : (
                  <ins className="mono rounded-sm bg-green-tint px-1 text-green no-underline">
                    {words.value(change.to, change.path)}
                  </ins>
                )}
              </td>
            </tr>
          ))}
          {event.sealed.map((sealed) => (
            <tr key={`sealed/${sealed.path}`}>
              <th scope="row" className={`${cell} text-start font-normal`}>
                <span className="inline-block first-letter:uppercase">{sealedLabel(sealed)}</span>
              </th>
              <td className={cell}>
                {sealed.from ? (
                  <Sealed opening={sealed.opening?.from} commitment={sealed.from} />
                ) : (
                  <span className="text-faint">–</span>
                )}
              </td>
              <td className={cell}>
                {sealed.to ? (
                  <Sealed opening={sealed.opening?.to} commitment={sealed.to} />
                ) : (
                  <span className="text-faint">–</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

const sealedLabel = ({ label, path }: SealedChange) => label ?? path.replaceAll(/[_/]/g, " ");

/** The same on a phone: a field below the other, before above after. */
function StackedChanges({ event, words }: { event: AuditEvent; words: ReturnType<typeof useAuditWords> }) {
  const mono = "mono rounded-sm px-1 break-words";
  return (
    <dl className="flex flex-col">
      {event.changes.map((change) => {
        const from = words.value(change.from, change.path);
        return (
          <div key={change.path} className="border-t border-line px-4 py-2 first:border-0">
            <dt className="text-xs text-muted first-letter:uppercase">{change.label}</dt>
            <dd className="mt-0.5 flex flex-wrap items-baseline gap-x-1.5">
              {from !== "–" && (
                <>
                  <del className={`${mono} bg-red-tint text-red no-underline`}>{from}</del>
                  <ArrowRight aria-hidden className="size-3 shrink-0 self-center text-muted" />
                </>
              )}
              <ins className={`${mono} bg-green-tint text-green no-underline`}>
                {words.value(change.to, change.path)}
              </ins>
            </dd>
          </div>
        );
      })}
      {event.sealed.map((sealed) => (
        <div key={`sealed/${sealed.path}`} className="border-t border-line px-4 py-2 first:border-0">
          <dt className="text-xs text-muted first-letter:uppercase">{sealedLabel(sealed)}</dt>
          <dd className="mt-0.5 flex flex-wrap items-baseline gap-x-1.5">
            {sealed.from && (
              <>
                <Sealed opening={sealed.opening?.from} commitment={sealed.from} />
                <ArrowRight aria-hidden className="size-3 shrink-0 self-center text-muted" />
              </>
            )}
            {sealed.to ? <Sealed opening={sealed.opening?.to} commitment={sealed.to} /> : "–"}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Sealed({ opening, commitment }: { opening: unknown; commitment: string }) {
  const { t } = useLingui();
  const words = useAuditWords();
  const opened = typeof opening === "object" && opening !== null && "value" in opening ? opening.value : opening;
  if (opened !== undefined && opened !== null) return <span className="mono">{words.value(opened)}</span>;
  return (
    <Tooltip text={t`Personal data. The ledger holds only this seal: ${commitment}`}>
      <span className="inline-flex items-center gap-1 rounded-sm bg-sunken px-1.5 text-muted">
        <LockKeyhole aria-hidden className="size-3.5" />
        <Trans>sealed</Trans>
      </span>
    </Tooltip>
  );
}
