import { Trans, useLingui } from "@lingui/react/macro";
import { ArrowLeft, ChevronRight, LogIn, UsersRound } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { call } from "@/api/client";
import { isProblem } from "@/api/problems";
import type { ParkedPerson } from "@/api/types-access";
import { initialsOf } from "@/session/initials";
import { takePlace } from "@/session/keeping";
import { rememberSharing, switchTo } from "@/session/parking";
import { FrontTitle } from "@/shell/front";
import { Button, ButtonLink } from "@/ui/button";
import { Notice } from "@/ui/page";
import { ErrorState, Skeleton, StateMessage } from "@/ui/states";
import { UnlockFields } from "./unlock-field";

/** Who is parked at this computer. Whoever is one of them comes back to where they were; everybody else signs in. */
export function SwitchPerson({ onDone }: { onDone: (to: string) => Promise<void> }) {
  const { t } = useLingui();
  const [people, setPeople] = useState<readonly ParkedPerson[] | null>(null);
  const [chosen, setChosen] = useState<ParkedPerson | null>(null);
  const [gone, setGone] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const read = useCallback(async () => {
    try {
      const found = await call("GET /auth/workstation", {});
      setPeople(found.people);
      setError(null);
      rememberSharing(found.people.length > 0);
    } catch (failure) {
      setError(failure);
    }
  }, []);
  useEffect(() => void read(), [read]);
  useEffect(() => {
    document.title = t`Switch person · Attest`;
  }, [t]);

  const back = async (person: ParkedPerson, proof: Parameters<typeof switchTo>[1]) => {
    try {
      await switchTo(person.session_id, proof);
    } catch (failure) {
      // The session is over: ended from elsewhere, or by the fifth wrong PIN.
      if (!isProblem(failure) || failure.status !== 401) throw failure;
      setGone(person.name);
      setChosen(null);
      await read();
      return;
    }
    await onDone(takePlace() ?? "/");
  };

  if (chosen)
    return (
      <div className="flex flex-col items-center gap-5">
        <Initials name={chosen.name} large />
        <h1 className="text-center text-xl font-semibold tracking-tight">{chosen.name}</h1>
        <UnlockFields
          key={chosen.session_id}
          hasPin={chosen.has_pin}
          hasPasskey={chosen.has_passkey}
          label={t`Go on`}
          challenge={() => call("POST /auth/workstation/passkey", { body: { session_id: chosen.session_id } })}
          onProof={(proof) => back(chosen, proof)}
        >
          <Button tone="ghost" icon={<ArrowLeft />} onClick={() => setChosen(null)}>
            <Trans>Somebody else</Trans>
          </Button>
        </UnlockFields>
      </div>
    );
  return (
    <>
      <FrontTitle
        title={<Trans>Who is at work?</Trans>}
        lead={<Trans>Parked at this computer. What each of them typed waits for them alone.</Trans>}
      />
      {gone && (
        <Notice tone="amber" className="mb-5">
          <Trans>The session of {gone} is over. Sign in again.</Trans>
        </Notice>
      )}
      <div className="flex flex-col gap-2">
        {error && !people ? (
          <ErrorState error={error} onRetry={() => void read()} className="py-8" />
        ) : !people ? (
          <Skeleton className="h-16 w-full" />
        ) : people.length === 0 ? (
          <StateMessage className="py-8" icon={<UsersRound />} title={t`Nobody is parked here`} />
        ) : (
          <ul className="flex flex-col gap-2">
            {people.map((person) => (
              <li key={person.session_id}>
                <PersonButton person={person} onChoose={() => setChosen(person)} />
              </li>
            ))}
          </ul>
        )}
        <ButtonLink to="/sign-in" search={{}} icon={<LogIn />} className="mt-2 [--control:42px]">
          {people?.length === 0 ? <Trans>Sign in</Trans> : <Trans>Somebody else signs in</Trans>}
        </ButtonLink>
      </div>
    </>
  );
}

function PersonButton({ person, onChoose }: { person: ParkedPerson; onChoose: () => void }) {
  // Nobody is signed in, so the clock is this computer's.
  const since = new Date(person.since).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  return (
    <button
      type="button"
      onClick={onChoose}
      className="flex min-h-16 w-full items-center gap-3 rounded-md border border-line bg-surface px-3 text-start hover:border-accent hover:bg-hover"
    >
      <Initials name={person.name} />
      <span className="min-w-0 flex-1 leading-tight">
        <span className="block truncate font-medium">{person.name}</span>
        <span className="block text-xs text-muted">
          <Trans>locked since {since}</Trans>
        </span>
      </span>
      <ChevronRight aria-hidden className="size-4 shrink-0 text-muted" />
    </button>
  );
}

function Initials({ name, large }: { name: string; large?: boolean }) {
  return (
    <span
      aria-hidden
      className={`grid shrink-0 place-items-center rounded-full bg-accent-tint font-semibold text-accent ${large ? "size-20 text-2xl" : "size-10"}`}
    >
      {initialsOf(name)}
    </span>
  );
}
