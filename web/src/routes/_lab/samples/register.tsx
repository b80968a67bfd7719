import { Trans, useLingui } from "@lingui/react/macro";
import { createFileRoute, Link } from "@tanstack/react-router";
import { Table2, TestTubeDiagonal } from "lucide-react";
import type { ReactNode } from "react";
import * as v from "valibot";
import { RegisterMany } from "@/features/register/many";
import { RegisterOne } from "@/features/register/one";
import { useMay, useMe } from "@/session/session";
import { cx } from "@/ui/cx";
import { Page } from "@/ui/page";
import { ForbiddenState } from "@/ui/states";

export const Route = createFileRoute("/_lab/samples/register")({
  validateSearch: v.object({ many: v.optional(v.fallback(v.boolean(), false)) }),
  component: Register,
});

function Register() {
  const { t } = useLingui();
  const { many } = Route.useSearch();
  const may = useMay();
  const medical = useMe().laboratory.kind === "medical";
  if (!may("sample:register")) return <ForbiddenState />;
  return (
    <Page
      title={medical ? t`Register specimens` : t`Register samples`}
      actions={
        <nav aria-label={t`How many`} className="flex gap-1 rounded-md border border-line bg-surface p-0.5">
          <Tab many={undefined} on={!many}>
            <TestTubeDiagonal aria-hidden />
            <Trans>One</Trans>
          </Tab>
          <Tab many on={Boolean(many)}>
            <Table2 aria-hidden />
            <Trans>Many</Trans>
          </Tab>
        </nav>
      }
    >
      {many ? <RegisterMany /> : <RegisterOne />}
    </Page>
  );
}

function Tab({ many, on, children }: { many: true | undefined; on: boolean; children: ReactNode }) {
  return (
    <Link
      to="/samples/register"
      search={{ many }}
      aria-current={on ? "page" : undefined}
      className={cx(
        "flex min-h-[calc(var(--control)-4px)] items-center gap-1.5 rounded-sm px-3 [&_svg]:size-4",
        on ? "bg-selected font-medium text-accent" : "text-muted hover:text-ink",
      )}
    >
      {children}
    </Link>
  );
}
