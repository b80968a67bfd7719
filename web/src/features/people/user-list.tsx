import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useNavigate } from "@tanstack/react-router";
import { CircleCheckBig, CircleOff, Mail, UsersRound } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import { useApi, useApiPages } from "@/api/queries";
import type { User } from "@/api/types-records";
import { type Column, DataTable, rowLinkClass } from "@/ui/data-table";
import { SearchBox } from "@/ui/search-box";
import { Pill } from "@/ui/pill";
import { ErrorState, StateMessage } from "@/ui/states";
import { TimeText } from "@/ui/time-text";
import type { UserSearch } from "./search";

function prune(search: UserSearch): UserSearch {
  return Object.fromEntries(
    Object.entries(search).filter(([, value]) => value !== undefined && value !== ""),
  ) as UserSearch;
}

export function UserFilters({ search }: { search: UserSearch }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const roles = useApi("GET /roles", { query: { limit: 200 } });
  const change = (next: UserSearch) =>
    void navigate({ to: "/users", search: prune({ ...search, ...next }), replace: true });
  const views = [
    { id: undefined, label: t`Active` },
    { id: "inactive", label: t`Deactivated` },
    { id: "all", label: t`All` },
  ] as const;
  return (
    <div className="flex flex-wrap items-center gap-2 px-4 pb-3 sm:px-6">
      <nav aria-label={t`Views`} className="flex gap-1">
        {views.map((view) => (
          <Link
            key={view.label}
            to="/users"
            search={prune({ ...search, show: view.id })}
            aria-current={search.show === view.id ? "true" : undefined}
            className={`flex min-h-[var(--control)] items-center rounded-md px-3 whitespace-nowrap ${search.show === view.id ? "bg-selected font-medium text-accent" : "text-muted hover:bg-hover hover:text-ink"}`}
          >
            {view.label}
          </Link>
        ))}
      </nav>
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
    </div>
  );
}

export function UserList({ search, emptyAction }: { search: UserSearch; emptyAction?: ReactNode }) {
  const { t } = useLingui();
  const pages = useApiPages("GET /users", {
    query: {
      q: search.q,
      role_id: search.role_id,
      active: search.show === "all" ? undefined : search.show !== "inactive",
    },
  });
  const { rows } = pages;
  const columns = useMemo<Column<User>[]>(
    () => [
      { id: "name", header: t`Name`, width: "minmax(10rem, 1fr)", cell: () => null },
      {
        id: "email",
        header: t`E-mail`,
        width: "minmax(12rem, 1.2fr)",
        cell: (row) => <span className="text-muted">{row.email}</span>,
      },
      {
        id: "roles",
        header: t`Roles`,
        width: "minmax(11rem, 1.2fr)",
        cell: (row) => row.roles.map((role) => role.name).join(", ") || <span className="text-faint">–</span>,
      },
      {
        id: "grants",
        header: t`Exceptions`,
        roomy: true,
        width: "7rem",
        cell: (row) =>
          row.grants.length > 0 ? <Pill tone="amber">{row.grants.length}</Pill> : <span className="text-faint">–</span>,
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
  if (pages.error && rows.length === 0)
    return <ErrorState error={pages.error} onRetry={() => void pages.refetch()} className="border-t border-line" />;
  return (
    <DataTable
      label={t`Users`}
      columns={columns}
      rows={rows}
      loading={pages.isPending}
      hasMore={pages.hasNextPage}
      loadingMore={pages.isFetchingNextPage}
      onMore={() => void pages.fetchNextPage()}
      link={(row) => (
        <Link to="/users/$id" params={{ id: row.id }} className={rowLinkClass}>
          {row.name}
        </Link>
      )}
      narrow={(row) => (
        <div className="flex flex-col gap-1">
          <span className="flex items-center gap-2">
            <span className="min-w-0 flex-1 truncate">
              <Link to="/users/$id" params={{ id: row.id }} className={rowLinkClass}>
                {row.name}
              </Link>
            </span>
            <UserPill user={row} />
          </span>
          <span className="truncate text-muted">{row.roles.map((role) => role.name).join(", ") || row.email}</span>
        </div>
      )}
      empty={<StateMessage icon={<UsersRound />} title={t`Nobody matches these filters`} action={emptyAction} />}
    />
  );
}

export function UserPill({ user }: { user: Pick<User, "active" | "invited"> }) {
  return user.active && user.invited ? (
    <Pill tone="blue" icon={<Mail aria-hidden />}>
      <Trans>Invited</Trans>
    </Pill>
  ) : (
    <ActivePill active={user.active} />
  );
}

export function ActivePill({ active }: { active: boolean }) {
  return active ? (
    <Pill tone="green" icon={<CircleCheckBig aria-hidden />}>
      <Trans>Active</Trans>
    </Pill>
  ) : (
    <Pill tone="grey" icon={<CircleOff aria-hidden />}>
      <Trans>Deactivated</Trans>
    </Pill>
  );
}
