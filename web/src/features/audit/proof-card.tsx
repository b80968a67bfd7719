import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Check, CircleHelp, RotateCw, ShieldAlert, ShieldCheck, ShieldQuestion, X } from "lucide-react";
import type { ReactNode } from "react";
import { isProblem } from "@/api/problems";
import { useMe } from "@/session/session";
import { Button } from "@/ui/button";
import { cx } from "@/ui/cx";
import { ActError, Skeleton } from "@/ui/states";
import { type Outcome, outcomeOf, prove, type Verdict } from "./proof";

/** What was proven about an entry, on this computer, step by step; and what a proof like this does not say. */
export function ProofCard({ index, entry }: { index: number; entry: string }) {
  const me = useMe();
  const proof = useQuery({
    queryKey: ["proof", index, entry],
    queryFn: () => prove(index, entry, me.laboratory.id),
    staleTime: Infinity,
    // A fresh entry waits a moment for the next checkpoint.
    retry: (times, error) => times < 5 && isProblem(error) && error.status === 409,
    retryDelay: 1000,
  });
  return (
    <section aria-labelledby="proof-title" className="rounded-lg border border-line bg-surface">
      {proof.isPending ? (
        <div aria-busy className="flex flex-col gap-3 p-4">
          <Skeleton className="h-10 w-2/3" />
          <Skeleton className="h-24 w-full" />
        </div>
      ) : proof.error ? (
        <div className="flex flex-col gap-3 p-4">
          <h2 id="proof-title" className="font-semibold">
            <Trans>The proof could not be checked</Trans>
          </h2>
          <ActError error={proof.error} />
          <Button icon={<RotateCw />} onClick={() => void proof.refetch()} className="self-start">
            <Trans>Try again</Trans>
          </Button>
        </div>
      ) : (
        <Proven verdict={proof.data} index={index} />
      )}
    </section>
  );
}

function Proven({ verdict, index }: { verdict: Verdict; index: number }) {
  const { t } = useLingui();
  const outcome = outcomeOf(verdict);
  const looks: Record<Outcome, { icon: ReactNode; title: string; note: string; className: string }> = {
    proven: {
      icon: <ShieldCheck />,
      title: t`Proven on this computer`,
      note: t`Checked here, in your browser, not taken on the server's word.`,
      className: "bg-green-tint text-green",
    },
    signature_unchecked: {
      icon: <ShieldQuestion />,
      title: t`Proven, but for the signature`,
      note: t`This browser cannot check Ed25519 signatures. A newer one, or attest-verify, can.`,
      className: "bg-amber-tint text-amber",
    },
    broken: {
      icon: <ShieldAlert />,
      title: t`The proof does not hold`,
      note: t`Do not rely on this entry. Tell your quality manager, and keep a copy of this page.`,
      className: "bg-critical text-on-critical",
    },
  };
  const look = looks[outcome];
  return (
    <>
      <div
        className={cx("flex items-center gap-3 rounded-t-lg px-4 py-3 [&_svg]:size-7 [&_svg]:shrink-0", look.className)}
      >
        {look.icon}
        <div className="min-w-0">
          <h2 id="proof-title" className="text-base font-semibold">
            {look.title}
          </h2>
          <p className="text-xs">{look.note}</p>
        </div>
      </div>
      <ul className="flex flex-col gap-2.5 p-4">
        <Step ok={verdict.entry}>
          {verdict.entry ? (
            <Trans>The entry shown here is, byte for byte, the one in the ledger.</Trans>
          ) : (
            <Trans>The entry shown here is not the one in the ledger.</Trans>
          )}
        </Step>
        <Step ok={verdict.inclusion}>
          {verdict.inclusion ? (
            <Trans>
              It is entry #{index} in a ledger of {verdict.size}: its hash and its neighbours' lead to the ledger's
              root.
            </Trans>
          ) : (
            <Trans>Its hash does not lead to the ledger's root.</Trans>
          )}
        </Step>
        <Step ok={verdict.signature === "unsupported" ? null : verdict.signature === "valid"}>
          {verdict.signature === "valid" ? (
            <Trans>The root is signed with the laboratory's log key.</Trans>
          ) : verdict.signature === "unsupported" ? (
            <Trans>The signature was not checked: this browser has no Ed25519.</Trans>
          ) : (
            <Trans>The root's signature is wrong.</Trans>
          )}
        </Step>
        <Step ok={verdict.key === "changed" ? false : verdict.key === "first" ? null : true}>
          {verdict.key === "changed" ? (
            <Trans>
              The log key is another than the one this browser saw before, and the log does not lead from the one to the
              other.
            </Trans>
          ) : verdict.key === "replaced" ? (
            <Trans>
              The log key was replaced since this browser last looked; the log leads from the old key to the new one,
              signed by both.
            </Trans>
          ) : verdict.key === "known" ? (
            <Trans>It is the same log key that this browser saw before.</Trans>
          ) : (
            <Trans>This browser sees the log key for the first time. Compare it with the one you were given.</Trans>
          )}
        </Step>
        <Step
          ok={
            verdict.history === "rewritten"
              ? false
              : verdict.history === "first" || verdict.history === "not_checked"
                ? null
                : true
          }
        >
          {verdict.history === "rewritten" ? (
            <Trans>The ledger is not a continuation of what this browser saw before: its past was changed.</Trans>
          ) : verdict.history === "grown" ? (
            <Trans>The ledger only grew since this browser last looked; nothing before was changed or removed.</Trans>
          ) : verdict.history === "same" ? (
            <Trans>The ledger is exactly as this browser last saw it.</Trans>
          ) : verdict.history === "not_checked" ? (
            <Trans>Whether the ledger only grew since the last look could not be checked now.</Trans>
          ) : (
            <Trans>From now on this browser remembers the ledger's state, and notices if its past changes.</Trans>
          )}
        </Step>
      </ul>
      <details className="border-t border-line px-4 py-2.5 text-xs">
        <summary className="min-h-6 text-muted select-none hover:text-ink">
          <Trans>Figures, and what this does not prove</Trans>
        </summary>
        <dl className="mt-2 grid gap-x-4 gap-y-1 sm:grid-cols-[8rem_1fr]">
          {[
            [t`Entry's hash`, verdict.leaf],
            [t`Ledger's root`, verdict.root],
            [t`Log key`, `${verdict.keyName}+${verdict.keyHash}`],
          ].map(([term, value]) => (
            <div key={term} className="contents">
              <dt className="text-muted">{term}</dt>
              <dd className="mono break-all select-all">{value}</dd>
            </div>
          ))}
        </dl>
        <p className="mt-3 text-muted">
          <Trans>
            Proven is: no change, removal, insertion, reordering or back-dating after the first checkpoint that somebody
            else holds. Not proven is that what was entered was true, nor anything about events that were never written.
          </Trans>
        </p>
      </details>
    </>
  );
}

function Step({ ok, children }: { ok: boolean | null; children: ReactNode }) {
  const { t } = useLingui();
  return (
    <li className="flex items-start gap-2.5">
      {ok === null ? (
        <CircleHelp role="img" aria-label={t`Not checked`} className="mt-0.5 size-4 shrink-0 text-muted" />
      ) : ok ? (
        <Check role="img" aria-label={t`Holds`} className="mt-0.5 size-4 shrink-0 text-green" />
      ) : (
        <X role="img" aria-label={t`Does not hold`} className="mt-0.5 size-4 shrink-0 text-red" />
      )}
      <span className="min-w-0">{children}</span>
    </li>
  );
}
