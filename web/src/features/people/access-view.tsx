import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Check, CircleSlash, Minus, SearchX } from "lucide-react";
import { Fragment } from "react";
import { useApi } from "@/api/queries";
import type { Access, PermissionAccess } from "@/api/types-access";
import type { Permission } from "@/api/types-records";
import { Card } from "@/ui/page";
import { IconPill } from "@/ui/pill";
import { ErrorState, Skeleton, StateMessage } from "@/ui/states";
import { TimeText } from "@/ui/time-text";
import { useAreas } from "./areas";

export type AccessFilter = "held" | "missing" | "exceptions" | undefined;

function fits(each: PermissionAccess, filter: AccessFilter): boolean {
  if (filter === "held") return each.held;
  if (filter === "missing") return !each.held;
  if (filter === "exceptions") return Boolean(each.denied_by) || each.because.some((why) => why.kind === "grant");
  return true;
}

/** Every permission with the reason why it is held or not, in words. */
export function AccessView({ access, q, filter }: { access: Access; q: string; filter: AccessFilter }) {
  const { t } = useLingui();
  const { data, error, isPending, refetch } = useApi("GET /permissions", {});
  const needle = q.trim().toLocaleLowerCase();
  const known = new Map<string, PermissionAccess>(access.permissions.map((each) => [each.permission, each]));
  const found = (data?.items ?? []).filter((each) => {
    const state = known.get(each.id);
    return (
      state !== undefined &&
      fits(state, filter) &&
      (each.description.toLocaleLowerCase().includes(needle) || each.id.includes(needle))
    );
  });
  const areas = useAreas(found);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Skeleton className="h-96 w-full" />;
  if (found.length === 0)
    return (
      <Card>
        <StateMessage icon={<SearchX />} title={t`No permission matches`}>
          <Trans>Search for what somebody does, such as "release", or for a permission's name.</Trans>
        </StateMessage>
      </Card>
    );
  return (
    <Card flush>
      {areas.map((area) => (
        <Fragment key={area.id}>
          <h2 className="border-b border-line bg-sunken px-4 py-1.5 text-xs font-semibold first:rounded-t-lg">
            {area.name}
          </h2>
          <ul>
            {area.permissions.map((permission) => (
              <AccessRow key={permission.id} permission={permission} state={known.get(permission.id)} />
            ))}
          </ul>
        </Fragment>
      ))}
      <p className="px-4 py-2 text-xs text-muted">
        <Plural value={found.length} one="# permission" other="# permissions" />
      </p>
    </Card>
  );
}

function AccessRow({ permission, state }: { permission: Permission; state: PermissionAccess | undefined }) {
  if (!state) return null;
  return (
    <li className="grid gap-x-6 gap-y-1.5 border-b border-line px-4 py-2 last:border-0 sm:grid-cols-[minmax(0,1fr)_minmax(0,1.2fr)]">
      <div className="flex min-w-0 items-start gap-2.5">
        <Verdict state={state} />
        <p className="flex min-w-0 flex-wrap items-baseline gap-x-2.5">
          <span className={state.held ? "font-medium" : "text-muted"}>{permission.description}</span>
          <code className="mono text-2xs text-muted">{permission.id}</code>
        </p>
      </div>
      <ul className="flex min-w-0 flex-col gap-0.5 ps-7 sm:ps-0">
        {state.denied_by && (
          <li className="text-red">
            {state.denied_by.by ? (
              <Trans>Taken by {state.denied_by.by.name}</Trans>
            ) : (
              <Trans>Taken by an exception</Trans>
            )}
            <When at={state.denied_by.at} until={state.denied_by.until} />: {state.denied_by.reason}
          </li>
        )}
        {state.because.map((why) =>
          why.kind === "role" ? (
            <li key={`role ${why.id}`} className={state.held ? "" : "text-muted"}>
              <Trans>
                Through the role{" "}
                <Link to="/roles/$id" params={{ id: why.id }} className="text-accent underline">
                  {why.name}
                </Link>
              </Trans>
            </li>
          ) : (
            <li key={`grant ${why.reason} ${why.at}`} className={state.held ? "" : "text-muted"}>
              {why.by ? <Trans>Given by {why.by.name}</Trans> : <Trans>Given by an exception</Trans>}
              <When at={why.at} until={why.until} />: {why.reason}
            </li>
          ),
        )}
        {!state.held && !state.denied_by && (
          <li className="text-muted">
            <Trans>No role and no exception gives it.</Trans>
          </li>
        )}
      </ul>
    </li>
  );
}

function When({ at, until }: { at: string | null; until: string | null }) {
  return (
    <>
      {at && (
        <>
          {" "}
          (<TimeText at={at} dateOnly />
          {until && (
            <>
              {" "}
              <Trans>
                until <TimeText at={until} />
              </Trans>
            </>
          )}
          )
        </>
      )}
    </>
  );
}

function Verdict({ state }: { state: PermissionAccess }) {
  const { t } = useLingui();
  if (state.held) return <IconPill tone="green" icon={<Check />} label={t`yes`} />;
  return state.denied_by ? (
    <IconPill tone="red" icon={<CircleSlash />} label={t`no, taken`} />
  ) : (
    <IconPill tone="grey" icon={<Minus />} label={t`no`} />
  );
}
