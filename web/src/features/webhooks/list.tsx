import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Link, useNavigate } from "@tanstack/react-router";
import { Plus, Webhook as WebhookIcon } from "lucide-react";
import { useMemo, useState } from "react";
import { useApiPages } from "@/api/queries";
import type { NewWebhook, Webhook } from "@/api/types-access";
import { Button } from "@/ui/button";
import { type Column, rowLinkClass } from "@/ui/data-table";
import { ListPage } from "@/ui/list-page";
import { TimeText } from "@/ui/time-text";
import { NewWebhookDialog } from "./form";
import { WebhookPill } from "./pills";
import { SecretDialog } from "./secret";

/** Other systems that are told what happens here. */
export function WebhookList() {
  const { t } = useLingui();
  const navigate = useNavigate();
  const [open, setOpen] = useState<"new" | NewWebhook | null>(null);
  const pages = useApiPages("GET /webhooks", { query: {} });
  const columns = useMemo<Column<Webhook>[]>(
    () => [
      {
        id: "url",
        header: t`Address`,
        width: "minmax(14rem, 1.6fr)",
        cell: (row) => <span className="mono text-muted">{row.url}</span>,
      },
      { id: "events", header: t`Events`, width: "8rem", cell: (row) => <Events webhook={row} /> },
      { id: "status", header: t`Status`, width: "9rem", cell: (row) => <WebhookPill webhook={row} /> },
      {
        id: "waiting",
        header: t`Waiting`,
        roomy: true,
        width: "6rem",
        align: "end",
        cell: (row) => <span className="tabular-nums">{row.waiting}</span>,
      },
      {
        id: "delivered",
        header: t`Last delivered`,
        width: "9rem",
        cell: (row) => <TimeText at={row.last_delivered_at} className="text-muted" />,
      },
    ],
    [t],
  );
  return (
    <ListPage
      title={t`Webhooks`}
      lead={t`Other systems that are told what happens here: signed, thin, and never anything about a person.`}
      action={
        <Button tone="primary" icon={<Plus />} onClick={() => setOpen("new")}>
          <Trans>New webhook…</Trans>
        </Button>
      }
      pages={pages}
      name={{
        header: t`Name`,
        width: "minmax(10rem, 1fr)",
        of: (row) => (
          <Link to="/webhooks/$id" params={{ id: row.id }} className={rowLinkClass}>
            {row.name}
          </Link>
        ),
      }}
      columns={columns}
      narrow={{
        marks: (row) => <WebhookPill webhook={row} />,
        second: (row) => <span className="mono">{row.url}</span>,
      }}
      empty={{
        icon: <WebhookIcon />,
        title: t`Nobody is told yet`,
        text: (
          <Trans>
            A webhook tells another system at once that a sample was received or a report released, so that it need not
            ask again and again.
          </Trans>
        ),
      }}
    >
      {open === "new" && <NewWebhookDialog onClose={() => setOpen(null)} onMade={setOpen} />}
      {open && open !== "new" && (
        <SecretDialog webhook={open} onClose={() => void navigate({ to: "/webhooks/$id", params: { id: open.id } })} />
      )}
    </ListPage>
  );
}

function Events({ webhook }: { webhook: Webhook }) {
  return <Plural value={webhook.events.length} one="# event" other="# events" />;
}
