import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Bot, Plus } from "lucide-react";
import { useMemo } from "react";
import { useApiPages } from "@/api/queries";
import type { ServiceAccount } from "@/api/types-access";
import { ButtonLink } from "@/ui/button";
import { type Column, rowLinkClass } from "@/ui/data-table";
import { ListPage } from "@/ui/list-page";
import { TimeText } from "@/ui/time-text";
import { AccountPill } from "./account-pill";

const roleNames = ({ roles }: ServiceAccount) => roles.map((role) => role.name).join(", ");

/** Programs that work with the laboratory, and the people who answer for them. */
export function ServiceAccountList() {
  const { t } = useLingui();
  const pages = useApiPages("GET /service-accounts", { query: {} });
  const columns = useMemo<Column<ServiceAccount>[]>(
    () => [
      {
        id: "description",
        header: t`What it is for`,
        roomy: true,
        width: "minmax(12rem, 1.4fr)",
        cell: (row) => (row.description ? <span className="text-muted">{row.description}</span> : null),
      },
      { id: "owner", header: t`Answers for it`, width: "minmax(9rem, 1fr)", cell: (row) => row.owner.name },
      { id: "roles", header: t`Roles`, width: "minmax(9rem, 1fr)", cell: (row) => roleNames(row) || null },
      { id: "active", header: t`Status`, width: "9rem", cell: (row) => <AccountPill account={row} /> },
      {
        id: "used",
        header: t`Last use`,
        width: "9rem",
        cell: (row) => <TimeText at={row.last_used_at} className="text-muted" />,
      },
    ],
    [t],
  );
  return (
    <ListPage
      title={t`Service accounts`}
      lead={t`Programs that work with the laboratory: each with its own rights, and somebody who answers for it.`}
      action={
        <ButtonLink to="/service-accounts/new" tone="primary" icon={<Plus />}>
          <Trans>New service account</Trans>
        </ButtonLink>
      }
      pages={pages}
      name={{
        header: t`Name`,
        width: "minmax(10rem, 1fr)",
        of: (row) => (
          <Link to="/service-accounts/$id" params={{ id: row.id }} className={rowLinkClass}>
            {row.name}
          </Link>
        ),
      }}
      columns={columns}
      narrow={{
        marks: (row) => <AccountPill account={row} />,
        second: (row) => [row.owner.name, roleNames(row)].filter(Boolean).join(" · "),
      }}
      empty={{
        icon: <Bot />,
        title: t`No program has an account`,
        text: <Trans>Instruments, middleware and other systems each get one of their own, never a person's.</Trans>,
      }}
    />
  );
}
