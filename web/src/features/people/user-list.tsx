import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useNavigate } from "@tanstack/react-router";
import { UserPlus, UsersRound } from "lucide-react";
import { useMemo } from "react";
import { useApi, useApiPages } from "@/api/queries";
import type { User } from "@/api/types-records";
import { ListViews } from "@/features/list-views";
import { prune } from "@/features/search";
import { useMay } from "@/session/session";
import { ButtonLink } from "@/ui/button";
import { type Column, rowLinkClass } from "@/ui/data-table";
import { ListPage } from "@/ui/list-page";
import { Pill } from "@/ui/pill";
import { SearchBox } from "@/ui/search-box";
import { TimeText } from "@/ui/time-text";
import { UserPill } from "./active-pill";
import type { UserSearch } from "./search";

const roleNames = ({ roles }: User) => roles.map((role) => role.name).join(", ");

/** Everybody with an account, by name. */
export function UserList({ search }: { search: UserSearch }) {
  const { t } = useLingui();
  const may = useMay();
  const pages = useApiPages("GET /users", {
    query: {
      q: search.q,
      role_id: search.role_id,
      active: search.show === "all" ? undefined : search.show !== "inactive",
    },
  });
  const columns = useMemo<Column<User>[]>(
    () => [
      {
        id: "email",
        header: t`E-mail`,
        width: "minmax(12rem, 1.4fr)",
        cell: (row) => <span className="text-muted">{row.email}</span>,
      },
      { id: "roles", header: t`Roles`, width: "minmax(11rem, 1.2fr)", cell: (row) => roleNames(row) || null },
      {
        id: "grants",
        header: t`Exceptions`,
        roomy: true,
        width: "7rem",
        cell: (row) => (row.grants.length > 0 ? <Pill tone="amber">{row.grants.length}</Pill> : null),
      },
      { id: "active", header: t`Status`, width: "8rem", cell: (row) => <UserPill user={row} /> },
      {
        id: "login",
        header: t`Last sign-in`,
        width: "9rem",
        cell: (row) => <TimeText at={row.last_login_at} className="text-muted" />,
      },
    ],
    [t],
  );
  return (
    <ListPage
      title={t`Users`}
      action={
        may("user:manage") && (
          <ButtonLink to="/users/new" tone="primary" icon={<UserPlus />}>
            <Trans>New user</Trans>
          </ButtonLink>
        )
      }
      filters={<UserFilters search={search} />}
      pages={pages}
      name={{
        header: t`Name`,
        width: "minmax(10rem, 1.2fr)",
        of: (row) => (
          <Link to="/users/$id" params={{ id: row.id }} className={rowLinkClass}>
            {row.name}
          </Link>
        ),
      }}
      columns={columns}
      narrow={{ marks: (row) => <UserPill user={row} />, second: (row) => roleNames(row) || row.email }}
      empty={{ icon: <UsersRound />, title: t`Nobody matches these filters` }}
    />
  );
}

function UserFilters({ search }: { search: UserSearch }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const roles = useApi("GET /roles", { query: { limit: 200 } });
  const change = (next: UserSearch) =>
    void navigate({ to: "/users", search: prune({ ...search, ...next }), replace: true });
  const views = [
    { value: undefined, label: t({ message: "Active", context: "people" }) },
    { value: "inactive", label: t({ message: "Deactivated", context: "people" }) },
    { value: "all", label: t({ message: "All", context: "people" }) },
  ] as const;
  return (
    <>
      <ListViews at="/users" search={search} by="show" views={views} />
      <span className="flex w-full sm:w-auto">
        <SearchBox
          value={search.q ?? ""}
          onChange={(q) => change({ q })}
          label={t`Search by name or e-mail`}
          placeholder={t`Name or e-mail`}
        />
      </span>
      <select
        aria-label={t`Role`}
        className="control w-full! sm:w-56!"
        value={search.role_id ?? ""}
        onChange={(event) => change({ role_id: event.target.value })}
      >
        <option value="">{t`All roles`}</option>
        {(roles.data?.items ?? []).map((role) => (
          <option key={role.id} value={role.id}>
            {role.name}
          </option>
        ))}
      </select>
    </>
  );
}
