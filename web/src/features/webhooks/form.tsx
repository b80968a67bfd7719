import { useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct } from "@/api/queries";
import type { NewWebhook, Webhook } from "@/api/types-access";
import { ActDialog } from "@/ui/act-dialog";
import { TextField } from "@/ui/field";
import { ActError } from "@/ui/states";
import { EventChoice } from "./event-choice";

interface WebhookForm {
  name: string;
  url: string;
  events: Webhook["events"];
}

export function NewWebhookDialog({ onClose, onMade }: { onClose: () => void; onMade: (webhook: NewWebhook) => void }) {
  const { t } = useLingui();
  const act = useAct("POST /webhooks");
  return (
    <WebhookDialog
      title={t`New webhook`}
      label={t`Add the webhook`}
      initial={{ name: "", url: "", events: [] }}
      busy={act.isPending}
      error={act.error}
      onClose={onClose}
      onSave={(form) => act.mutate({ body: form }, { onSuccess: onMade })}
    />
  );
}

export function EditWebhookDialog({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const { t } = useLingui();
  const act = useAct("PATCH /webhooks/{id}");
  const { name, url, events } = webhook;
  return (
    <WebhookDialog
      title={t`Change ${webhook.name}`}
      label={t`Save`}
      initial={{ name, url, events }}
      busy={act.isPending}
      error={act.error}
      onClose={onClose}
      onSave={(form) =>
        act.mutate(
          { path: { id: webhook.id }, body: form, options: { version: webhook.version } },
          { onSuccess: onClose },
        )
      }
    />
  );
}

/** Where messages go, and what they are about. */
function WebhookDialog({
  title,
  label,
  initial,
  busy,
  error,
  onClose,
  onSave,
}: {
  title: string;
  label: string;
  initial: WebhookForm;
  busy: boolean;
  error: unknown;
  onClose: () => void;
  onSave: (form: WebhookForm) => void;
}) {
  const { t } = useLingui();
  const [name, setName] = useState(initial.name);
  const [url, setUrl] = useState(initial.url);
  const [events, setEvents] = useState<ReadonlySet<string>>(new Set(initial.events));
  const [tried, setTried] = useState(false);
  const server = (path: string) => (isProblem(error) ? error.field(path) : undefined);
  const form = { name: name.trim(), url: url.trim(), events: [...events] as Webhook["events"] };
  return (
    <ActDialog
      wide
      title={title}
      label={label}
      busy={busy}
      onClose={onClose}
      onSubmit={() => {
        setTried(true);
        if (form.name && form.url && events.size > 0) onSave(form);
      }}
    >
      <TextField
        label={t`Name`}
        hint={t`Which system it is`}
        required
        maxLength={120}
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={(tried && !form.name ? t`A name is needed.` : undefined) ?? server("name")}
      />
      <TextField
        label={t`Address`}
        hint={t`Begins with https://. Messages are sent there with POST.`}
        required
        mono
        inputMode="url"
        spellCheck={false}
        autoCapitalize="none"
        maxLength={500}
        placeholder="https://"
        value={url}
        onChange={(event) => setUrl(event.target.value)}
        error={(tried && !form.url ? t`An address is needed.` : undefined) ?? server("url")}
      />
      <EventChoice
        value={events}
        onChange={setEvents}
        error={(tried && events.size === 0 ? t`Choose at least one event.` : undefined) ?? server("events")}
      />
      <ActError error={error} beside={isProblem(error, "validation")} />
    </ActDialog>
  );
}
