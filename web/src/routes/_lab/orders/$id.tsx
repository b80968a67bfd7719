import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute, Link } from "@tanstack/react-router";
import { Ban, CircleX, ScrollText, TestTubes } from "lucide-react";
import { useState } from "react";
import { useAct, useApi } from "@/api/queries";
import type { Order } from "@/api/types-orders";
import { useCatalogueWords } from "@/features/catalogue/words";
import { FilesCard } from "@/features/files/files-card";
import { OrderStatusPill } from "@/features/orders/status";
import { SampleRows } from "@/features/samples/sample-rows";
import { PriorityPill } from "@/features/samples/status";
import { Whose } from "@/features/samples/whose";
import { useMay, useMe } from "@/session/session";
import { PageSkeleton } from "@/shell/page-skeleton";
import { Button, ButtonLink } from "@/ui/button";
import { Card, Facts, Notice, Page } from "@/ui/page";
import { ReasonDialog } from "@/ui/reason-dialog";
import { ErrorState, ForbiddenState, StateMessage } from "@/ui/states";
import { TimeText } from "@/ui/time-text";

export const Route = createFileRoute("/_lab/orders/$id")({ component: OrderPage });

function OrderPage() {
  const { t } = useLingui();
  const { id } = Route.useParams();
  const may = useMay();
  const medical = useMe().laboratory.kind === "medical";
  const { data: order, error, refetch } = useApi("GET /orders/{id}", { path: { id } }, { enabled: may("order:read") });
  if (!may("order:read")) return <ForbiddenState />;
  if (error && !order) return <ErrorState error={error} onRetry={() => void refetch()} className="min-h-[60vh]" />;
  if (!order) return <PageSkeleton />;
  return (
    <Page
      documentTitle={order.number}
      above={
        <Link to="/orders" className="hover:text-ink hover:underline">
          <Trans>Orders</Trans>
        </Link>
      }
      title={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="mono">{order.number}</span>
          <OrderStatusPill status={order.status} />
          <PriorityPill priority={order.priority} />
        </span>
      }
      lead={<Whose sample={order} />}
      actions={<CancelOrder order={order} />}
    >
      <div className="flex flex-col gap-4">
        {order.cancel_reason && (
          <Notice tone="red" icon={<CircleX aria-hidden />}>
            <Trans>Cancelled: {order.cancel_reason}</Trans>
          </Notice>
        )}
        <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_21rem]">
          <div className="flex min-w-0 flex-col gap-4">
            <Card id="samples" flush title={medical ? t`Specimens` : t`Samples`}>
              {order.samples.length === 0 ? (
                <StateMessage
                  className="py-10"
                  icon={<TestTubes />}
                  title={t`Nothing belongs to this order any more`}
                />
              ) : (
                <SampleRows samples={order.samples} />
              )}
            </Card>
            <FilesCard key={order.id} of="orders" id={order.id} client={Boolean(order.client)} />
          </div>
          <Card id="order" title={t({ message: "Order", context: "of tests" })}>
            <OrderFacts order={order} />
            {may("audit:read") && (
              <ButtonLink
                className="mt-4"
                to="/audit"
                search={{ object_type: "order", object_id: order.id }}
                icon={<ScrollText />}
              >
                <Trans>Audit trail</Trans>
              </ButtonLink>
            )}
          </Card>
        </div>
      </div>
    </Page>
  );
}

function OrderFacts({ order }: { order: Order }) {
  const { t } = useLingui();
  const may = useMay();
  const words = useCatalogueWords();
  const link = "text-accent hover:underline";
  return (
    <Facts
      items={[
        order.client && [
          t`Client`,
          <Link key="client" to="/orders" search={{ client_id: order.client.id }} className={link}>
            {order.client.name}
          </Link>,
        ],
        order.patient && [
          t`Patient`,
          may("patient:read") ? (
            <Link key="patient" to="/patients/$id" params={{ id: order.patient.id }} className={link}>
              {order.patient.name}
            </Link>
          ) : (
            <Whose key="patient" sample={order} />
          ),
        ],
        [t`Requester`, order.requester],
        [
          t`External number`,
          order.external_id ? (
            <span key="external" className="mono break-all">
              {order.external_id}
            </span>
          ) : null,
        ],
        [t`Decision rule`, order.decision_rule ? words.rule(order.decision_rule) : t`As the specification says`],
        [t`Placed`, <TimeText key="placed" at={order.created_at} />],
        [t`Placed by`, order.created_by?.name],
      ]}
    />
  );
}

/** The whole order is called off, and with it every sample that is not finished. */
function CancelOrder({ order }: { order: Order }) {
  const { t } = useLingui();
  const may = useMay();
  const act = useAct("POST /orders/{id}/cancel");
  const [open, setOpen] = useState(false);
  const measured = order.samples.some((sample) => sample.counts.entered + sample.counts.verified > 0);
  const why = !may("order:cancel")
    ? t`Your roles lack the permission ${"order:cancel"}.`
    : order.status === "cancelled"
      ? t`It is cancelled already.`
      : order.status === "completed"
        ? t`It is completed.`
        : measured
          ? t`Something has been measured already; reject the samples instead.`
          : undefined;
  return (
    <>
      <Button tone="danger" icon={<Ban />} onClick={() => setOpen(true)} disabledReason={why}>
        <Trans>Cancel the order…</Trans>
      </Button>
      {open && (
        <ReasonDialog
          danger
          title={t`Cancel order ${order.number}`}
          description={t`All its samples are cancelled with it. This cannot be taken back.`}
          presets={[t`Withdrawn by the client`, t`Registered twice`, t`Registered by mistake`]}
          label={t`Cancel the order`}
          busy={act.isPending}
          error={act.error}
          onClose={() => setOpen(false)}
          onSubmit={(reason) =>
            act.mutate(
              { path: { id: order.id }, body: { reason }, options: { version: order.version } },
              { onSuccess: () => setOpen(false) },
            )
          }
        />
      )}
    </>
  );
}
