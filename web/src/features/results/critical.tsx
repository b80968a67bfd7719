import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { BellRing, CircleCheckBig, Phone, PhoneMissed, Siren } from "lucide-react";
import { useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct, useApiPages } from "@/api/queries";
import type { CriticalNotice } from "@/api/types";
import type { NoticeBody } from "@/api/types-records";
import { useTime } from "@/session/time";
import { ActDialog } from "@/ui/act-dialog";
import { Button } from "@/ui/button";
import { CheckField, ChoiceField, TextField } from "@/ui/field";
import { Pill } from "@/ui/pill";
import { ActError, ErrorState, Skeleton, StateMessage } from "@/ui/states";
import { TimeText } from "@/ui/time-text";

/** Critical values that somebody has to be told about, oldest first, and the record of each call. */
export function CriticalNotices({ status }: { status: "open" | undefined }) {
  const { t } = useLingui();
  const pages = useApiPages("GET /critical-notices", { query: { status } });
  const [calling, setCalling] = useState<CriticalNotice | null>(null);
  if (pages.error && pages.rows.length === 0)
    return <ErrorState error={pages.error} onRetry={() => void pages.refetch()} />;
  if (pages.isPending)
    return (
      <div aria-busy className="flex flex-col gap-3">
        {[0, 1, 2].map((each) => (
          <Skeleton key={each} className="h-28 w-full" />
        ))}
      </div>
    );
  if (pages.rows.length === 0)
    return (
      <StateMessage
        className="rounded-lg border border-line bg-surface"
        icon={<CircleCheckBig />}
        title={status === "open" ? t`No critical value waits to be told` : t`No critical values yet`}
      >
        <Trans>A notice opens by itself when a critical value is saved.</Trans>
      </StateMessage>
    );
  return (
    <>
      <ul className="flex flex-col gap-3">
        {pages.rows.map((notice) => (
          <NoticeCard key={notice.id} notice={notice} onCall={() => setCalling(notice)} />
        ))}
      </ul>
      {pages.hasNextPage && (
        <Button className="mt-4" busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          <Trans>Show more</Trans>
        </Button>
      )}
      {calling && <CallDialog notice={calling} onClose={() => setCalling(null)} />}
    </>
  );
}

function NoticeCard({ notice, onCall }: { notice: CriticalNotice; onCall: () => void }) {
  const { t } = useLingui();
  const open = notice.status === "open";
  return (
    <li className={`rounded-lg border bg-surface ${open ? "border-red/60" : "border-line"}`}>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
        <span
          aria-hidden
          className={`grid size-10 shrink-0 place-items-center rounded-md ${open ? "bg-critical text-on-critical" : "bg-green-tint text-green"}`}
        >
          {open ? <Siren className="size-5" /> : <CircleCheckBig className="size-5" />}
        </span>
        <div className="min-w-0 flex-1 basis-56">
          <p className="flex flex-wrap items-baseline gap-x-2">
            <span className="font-semibold">{notice.test.name}</span>
            <span className="mono text-lg font-semibold text-red">{notice.value ?? "–"}</span>
            <span className="text-muted">{notice.unit}</span>
          </p>
          <p className="flex flex-wrap gap-x-2 text-xs text-muted">
            <Link to="/samples/$id" params={{ id: notice.sample.id }} className="mono text-accent hover:underline">
              {notice.sample.accession_number}
            </Link>
            <Waiting since={notice.opened_at} open={open} />
          </p>
        </div>
        <NoticePill notice={notice} />
        <Button
          tone={open ? "primary" : "secondary"}
          icon={<Phone />}
          onClick={onCall}
          disabledReason={
            notice.status === "closed" ? t`The value was corrected; there is nothing to tell.` : undefined
          }
        >
          <Trans>Record a call</Trans>
        </Button>
      </div>
      {notice.attempts.length > 0 && (
        <ol className="border-t border-line px-4 py-2">
          {notice.attempts.map((attempt) => (
            <li key={attempt.at} className="flex flex-wrap items-center gap-x-2 gap-y-0.5 py-1 text-xs">
              {attempt.reached ? (
                <Phone aria-hidden className="size-3.5 text-green" />
              ) : (
                <PhoneMissed aria-hidden className="size-3.5 text-amber" />
              )}
              <Attempt attempt={attempt} />
            </li>
          ))}
        </ol>
      )}
    </li>
  );
}

function Attempt({ attempt }: { attempt: CriticalNotice["attempts"][number] }) {
  const channels = useChannels();
  const channel = channels.find((each) => each.value === attempt.channel)?.label ?? attempt.channel;
  return (
    <>
      <span>
        {attempt.reached ? (
          <Trans>
            {attempt.by.name} told {attempt.told}
          </Trans>
        ) : (
          <Trans>
            {attempt.by.name} did not reach {attempt.told}
          </Trans>
        )}
      </span>
      <span className="text-muted">
        {channel}
        {attempt.read_back && (
          <>
            {" "}
            · <Trans>read back</Trans>
          </>
        )}
        {attempt.note && ` · ${attempt.note}`} · <TimeText at={attempt.at} />
      </span>
    </>
  );
}

function NoticePill({ notice }: { notice: CriticalNotice }) {
  if (notice.status === "closed")
    return (
      <Pill tone="grey">
        <Trans>Corrected before anybody was told</Trans>
      </Pill>
    );
  if (notice.status !== "open")
    return (
      <Pill tone="green" icon={<CircleCheckBig aria-hidden />}>
        {notice.status === "acknowledged" ? <Trans>Acknowledged</Trans> : <Trans>Told</Trans>}
      </Pill>
    );
  return notice.escalated_at ? (
    <Pill tone="critical" icon={<BellRing aria-hidden />}>
      <Trans>Escalated</Trans>
    </Pill>
  ) : (
    <Pill tone="red" icon={<Siren aria-hidden />}>
      <Trans>To be told</Trans>
    </Pill>
  );
}

function Waiting({ since, open }: { since: string; open: boolean }) {
  const { t } = useLingui();
  const minutes = Math.max(0, Math.floor((Date.now() - new Date(since).getTime()) / 60_000));
  const hours = Math.floor(minutes / 60);
  return (
    <span>
      <TimeText at={since} />
      {open && (
        <span className="font-medium text-red">
          {" "}
          · {hours > 0 ? t`${hours} h ${minutes % 60} min open` : t`${minutes} min open`}
        </span>
      )}
    </span>
  );
}

function useChannels(): { value: NoticeBody["channel"]; label: string }[] {
  const { t } = useLingui();
  return [
    { value: "phone", label: t`By phone` },
    { value: "in_person", label: t`In person` },
    { value: "message", label: t`By message` },
  ];
}

function CallDialog({ notice, onClose }: { notice: CriticalNotice; onClose: () => void }) {
  const { t } = useLingui();
  const time = useTime();
  const act = useAct("POST /results/{id}/critical-notices");
  const channels = useChannels();
  const [told, setTold] = useState("");
  const [channel, setChannel] = useState<NoticeBody["channel"]>("phone");
  const [reached, setReached] = useState<"yes" | "no" | null>(null);
  const [readBack, setReadBack] = useState(false);
  const [note, setNote] = useState("");
  const [tried, setTried] = useState(false);
  const field = (path: string) => (isProblem(act.error) ? act.error.field(path) : undefined);
  const submit = () => {
    setTried(true);
    if (told.trim() === "" || reached === null) return;
    act.mutate(
      {
        path: { id: notice.result_id },
        body: {
          told: told.trim(),
          channel,
          reached: reached === "yes",
          read_back: reached === "yes" && readBack,
          ...(note.trim() ? { note: note.trim() } : {}),
        },
      },
      { onSuccess: onClose },
    );
  };
  return (
    <ActDialog
      title={t`Record a call`}
      description={
        <>
          <span className="mono">{notice.sample.accession_number}</span> · {notice.test.name}{" "}
          <span className="mono font-semibold text-red">{notice.value}</span> {notice.unit}
        </>
      }
      onClose={onClose}
      onSubmit={submit}
      busy={act.isPending}
      label={t`Record`}
    >
      <ChoiceField
        label={t`Was somebody reached?`}
        value={reached}
        onChange={setReached}
        error={tried && reached === null ? t`Choose one.` : undefined}
        options={[
          { value: "yes", label: <Trans>Reached</Trans>, icon: <Phone aria-hidden /> },
          { value: "no", label: <Trans>Not reached</Trans>, icon: <PhoneMissed aria-hidden /> },
        ]}
      />
      <TextField
        label={t`Who`}
        hint={t`Name and place: Dr Nowak, ward 3`}
        required
        value={told}
        onChange={(event) => setTold(event.target.value)}
        error={(tried && told.trim() === "" ? t`Say who was called.` : undefined) ?? field("told")}
      />
      <ChoiceField label={t`How`} value={channel} onChange={setChannel} options={channels} />
      {reached === "yes" && (
        <CheckField
          checked={readBack}
          onChange={setReadBack}
          label={<Trans>The value was read back and was right</Trans>}
          hint={<Trans>ISO 15189 asks for it to be recorded.</Trans>}
        />
      )}
      <TextField label={t`Note`} value={note} onChange={(event) => setNote(event.target.value)} error={field("note")} />
      <p className="text-xs text-muted">
        <Trans>The time of the record is now, {time.dateTime(new Date().toISOString())}.</Trans>
      </p>
      <ActError error={act.error} />
    </ActDialog>
  );
}
