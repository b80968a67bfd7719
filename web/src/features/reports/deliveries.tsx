import { Trans, useLingui } from "@lingui/react/macro";
import { Send } from "lucide-react";
import { useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct, useApi } from "@/api/queries";
import type { Delivery, Report } from "@/api/types-records";
import { useMay } from "@/session/session";
import { ActDialog } from "@/ui/act-dialog";
import { Button } from "@/ui/button";
import { ChoiceField, TextField } from "@/ui/field";
import { Card } from "@/ui/page";
import { ActError, Skeleton } from "@/ui/states";
import { TimeText } from "@/ui/time-text";

/** To whom, how and when a released report went. */
export function Deliveries({ report }: { report: Report }) {
  const { t } = useLingui();
  const may = useMay();
  const deliveries = useApi("GET /reports/{id}/deliveries", { path: { id: report.id } });
  const channels = useChannels();
  const [adding, setAdding] = useState(false);
  const blocked = may("report:deliver")
    ? report.status === "released"
      ? undefined
      : t`Only a released report is delivered.`
    : t`Your roles lack the permission ${"report:deliver"}.`;
  const items = deliveries.data?.items ?? [];
  return (
    <Card
      id="deliveries"
      flush
      title={t`Deliveries`}
      actions={
        <Button icon={<Send />} onClick={() => setAdding(true)} disabledReason={blocked}>
          <Trans>Record…</Trans>
        </Button>
      }
    >
      {deliveries.error ? (
        <div className="p-4">
          <ActError error={deliveries.error} />
        </div>
      ) : deliveries.isPending ? (
        <Skeleton className="m-4 h-8" />
      ) : items.length === 0 ? (
        <p className="p-4 text-muted">
          <Trans>Not delivered yet.</Trans>
        </p>
      ) : (
        <ul>
          {items.map((each) => (
            <li key={each.id} className="border-b border-line px-4 py-2 last:border-0">
              <span className="block break-words">{each.to}</span>
              <span className="text-xs text-muted">
                {channels.find((one) => one.value === each.channel)?.label ?? each.channel} ·{" "}
                <TimeText at={each.at ?? each.created_at} />
                {(each.by ?? each.created_by) && ` · ${(each.by ?? each.created_by)?.name}`}
                {each.note && ` · ${each.note}`}
              </span>
            </li>
          ))}
        </ul>
      )}
      {adding && <DeliveryDialog report={report} onClose={() => setAdding(false)} />}
    </Card>
  );
}

function useChannels(): { value: Delivery["channel"]; label: string }[] {
  const { t } = useLingui();
  return [
    { value: "email", label: t`E-mail` },
    { value: "post", label: t`Post` },
    { value: "portal", label: t`Portal` },
    { value: "in_person", label: t`In person` },
  ];
}

function DeliveryDialog({ report, onClose }: { report: Report; onClose: () => void }) {
  const { t } = useLingui();
  const act = useAct("POST /reports/{id}/deliveries");
  const channels = useChannels();
  const [to, setTo] = useState("");
  const [channel, setChannel] = useState<Delivery["channel"]>("email");
  const [note, setNote] = useState("");
  const [tried, setTried] = useState(false);
  const field = (path: string) => (isProblem(act.error) ? act.error.field(path) : undefined);
  const submit = () => {
    setTried(true);
    if (to.trim() === "") return;
    act.mutate(
      { path: { id: report.id }, body: { to: to.trim(), channel, ...(note.trim() ? { note: note.trim() } : {}) } },
      { onSuccess: onClose },
    );
  };
  return (
    <ActDialog
      title={t`Record a delivery`}
      description={t`What is recorded here has happened already; nothing is sent.`}
      onClose={onClose}
      onSubmit={submit}
      busy={act.isPending}
      label={t`Record`}
    >
      <TextField
        label={t`To whom`}
        required
        value={to}
        onChange={(event) => setTo(event.target.value)}
        error={(tried && to.trim() === "" ? t`Say to whom.` : undefined) ?? field("to")}
      />
      <ChoiceField label={t`How`} value={channel} onChange={setChannel} options={channels} />
      <TextField label={t`Note`} value={note} onChange={(event) => setNote(event.target.value)} error={field("note")} />
      <ActError error={act.error} />
    </ActDialog>
  );
}
