import { Trans, useLingui } from "@lingui/react/macro";
import { Monitor, Smartphone } from "lucide-react";
import { useState } from "react";
import { useAct, useApi } from "@/api/queries";
import { isProblem } from "@/api/problems";
import type { OwnSession } from "@/api/types-records";
import { LANGUAGES } from "@/i18n";
import { chooseLanguage, setMe, useMe } from "@/session/session";
import { Button } from "@/ui/button";
import { SelectField, TextField } from "@/ui/field";
import { Card, Facts } from "@/ui/page";
import { Pill } from "@/ui/pill";
import { ActError, ErrorState, Skeleton } from "@/ui/states";
import { TimeText } from "@/ui/time-text";

/** One's own particulars: what one may set oneself, and what only an administrator sets. */
export function OwnPerson() {
  const { t } = useLingui();
  const me = useMe();
  const act = useAct("PATCH /me");
  const [title, setTitle] = useState(me.title ?? "");
  return (
    <Card id="person" title={t`Person`}>
      <form
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          act.mutate({ body: { title: title.trim() } }, { onSuccess: (next) => setMe(next) });
        }}
      >
        <Facts
          items={[
            [t`Name`, me.name],
            [t`E-mail`, me.email],
            [t`Roles`, me.roles.map((role) => role.name).join(", ")],
            [t`Laboratory`, me.laboratory.name],
            [t`Password`, t`An administrator of the laboratory gives you a new one.`],
          ]}
        />
        <TextField
          label={t`Title`}
          hint={t`Printed with your name beside a signature`}
          value={title}
          onChange={(event) => setTitle(event.target.value)}
          error={isProblem(act.error) ? act.error.field("title") : undefined}
        />
        <ActError error={act.error} />
        <Button
          type="submit"
          className="self-start"
          busy={act.isPending}
          disabledReason={title.trim() === (me.title ?? "") ? t`Nothing is changed.` : undefined}
        >
          <Trans>Save the title</Trans>
        </Button>
        <SelectField
          label={t`Language`}
          value={me.language}
          onChange={(next) => next !== "" && void chooseLanguage(next)}
          options={LANGUAGES.map((each) => ({ value: each.id, label: each.name }))}
        />
      </form>
    </Card>
  );
}

/** Where one is signed in; a session that is not one's own can be ended here. */
export function OwnSessions() {
  const { t } = useLingui();
  const sessions = useApi("GET /auth/sessions", { query: { limit: 100 } });
  return (
    <Card id="sessions" flush title={t`Signed in here`}>
      {sessions.error ? (
        <ErrorState error={sessions.error} onRetry={() => void sessions.refetch()} className="py-8" />
      ) : sessions.isPending ? (
        <Skeleton className="m-4 h-12" />
      ) : (
        <ul>
          {sessions.data.items.map((session) => (
            <SessionRow key={session.id} session={session} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function SessionRow({ session }: { session: OwnSession }) {
  const { t } = useLingui();
  const act = useAct("DELETE /auth/sessions/{id}");
  const mobile = /Mobile|Android|iPhone/.test(session.user_agent ?? "");
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-3 last:border-0">
      <span aria-hidden className="grid size-9 shrink-0 place-items-center rounded-md bg-accent-tint text-accent">
        {mobile ? <Smartphone className="size-5" /> : <Monitor className="size-5" />}
      </span>
      <div className="min-w-0 flex-1 basis-48">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          <span title={session.user_agent ?? undefined}>{browserOf(session.user_agent) ?? t`Unknown program`}</span>
          {session.current && (
            <Pill tone="green">
              <Trans>This one</Trans>
            </Pill>
          )}
        </p>
        <p className="text-xs text-muted">
          {session.ip && <span className="mono">{session.ip} · </span>}
          <Trans>
            last seen <TimeText at={session.last_seen_at} />, since <TimeText at={session.created_at} />
          </Trans>
        </p>
        <ActError error={act.error} className="mt-2" />
      </div>
      <Button
        tone="danger"
        busy={act.isPending}
        onClick={() => act.mutate({ path: { id: session.id } })}
        disabledReason={session.current ? t`Sign out in the menu instead.` : undefined}
      >
        <Trans>End</Trans>
      </Button>
    </li>
  );
}

/** "Firefox 152, Linux": enough to recognise one's own computer. */
export function browserOf(agent: string | null): string | null {
  if (!agent) return null;
  const browser = [
    /(?:Edg)\/(\d+)/.exec(agent) && `Edge ${/Edg\/(\d+)/.exec(agent)?.[1]}`,
    /Firefox\/(\d+)/.exec(agent) && `Firefox ${/Firefox\/(\d+)/.exec(agent)?.[1]}`,
    /Chrome\/(\d+)/.exec(agent) && `Chrome ${/Chrome\/(\d+)/.exec(agent)?.[1]}`,
    /Version\/(\d+).*Safari/.exec(agent) && `Safari ${/Version\/(\d+)/.exec(agent)?.[1]}`,
  ].find(Boolean);
  const system = [
    /iPhone|iPad/.test(agent) && "iOS",
    agent.includes("Android") && "Android",
    agent.includes("Windows") && "Windows",
    agent.includes("Mac OS X") && "macOS",
    agent.includes("Linux") && "Linux",
  ].find(Boolean);
  const text = [browser, system].filter(Boolean).join(", ");
  return text === "" ? (agent.split(" ")[0] ?? null) : text;
}
