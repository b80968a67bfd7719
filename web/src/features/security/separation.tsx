import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { CircleCheckBig, CircleX, Info } from "lucide-react";
import type { ReactNode } from "react";
import type { Separation } from "@/api/types-access";
import { CopyButton } from "@/ui/copy-button";
import { Card, Facts, Notice } from "@/ui/page";
import { Pill } from "@/ui/pill";
import { TimeText } from "@/ui/time-text";
import { useAttempted } from "./attempted";

type State = "stands" | "broken" | "none";

/** Whether each wall stands, from what the running system says of itself. */
function statesOf({
  row_level_security: rows,
  service_role: role,
  composite_keys: keys,
  append_only,
  probe,
}: Separation) {
  return {
    query: "stands" as const,
    keys: stands(keys.missing.length === 0),
    rows: rows.applies ? stands(rows.missing.length === 0 && rows.enforced === rows.tables) : ("none" as const),
    role: role
      ? stands(!role.superuser && !role.bypasses_rls && !role.owns_tables && !role.may_change_audit)
      : ("none" as const),
    audit: stands(append_only.tables.every((each) => each.protected)),
    probe: stands(probe.tried.length > 0 && probe.tried.every((each) => each.refused)),
  };
}
const stands = (yes: boolean): State => (yes ? "stands" : "broken");

/** The walls between laboratories in words, each with its state at this moment. */
export function SeparationWalls({ separation }: { separation: Separation }) {
  const { t } = useLingui();
  const states = statesOf(separation);
  const attempted = useAttempted();
  const broken = Object.values(states).filter((each) => each === "broken").length;
  const { row_level_security: rows, service_role: role, composite_keys: keys, append_only, probe } = separation;
  return (
    <div className="flex flex-col gap-4">
      {broken === 0 ? (
        <Notice tone="green" icon={<CircleCheckBig aria-hidden />}>
          <Trans>Every wall stands. The attempts below were made just now, against this very database.</Trans>
        </Notice>
      ) : (
        <Notice tone="red" icon={<CircleX aria-hidden />}>
          <Plural
            value={broken}
            one="# wall does not stand. Tell whoever runs the installation at once."
            other="# walls do not stand. Tell whoever runs the installation at once."
          />
        </Notice>
      )}
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <Card id="walls" flush title={t`Walls`}>
            <ol>
              <Wall
                state={states.query}
                title={t`A query without a laboratory cannot be written`}
                detail={t`The program's storage layer asks for the laboratory in every type; code that forgets it does not compile.`}
              />
              <Wall
                state={states.keys}
                title={t`Every row carries its laboratory in its key`}
                detail={
                  <Plural
                    value={keys.tables}
                    one={`${keys.with_tenant_key} of # table: no row can point at another laboratory's.`}
                    other={`${keys.with_tenant_key} of # tables: no row can point at another laboratory's.`}
                  />
                }
                missing={keys.missing}
              />
              <Wall
                state={states.rows}
                title={t`The database itself hides other laboratories' rows`}
                detail={
                  rows.applies ? (
                    <Plural
                      value={rows.tables}
                      one={`Row-level security, forced on ${rows.enforced} of # table, also for its owner.`}
                      other={`Row-level security, forced on ${rows.enforced} of # tables, also for their owner.`}
                    />
                  ) : (
                    t`SQLite has no row-level security; this wall exists on PostgreSQL. The others stand in for it.`
                  )
                }
                missing={rows.missing}
                outside={rows.applies ? rows.outside.map((each) => each.name) : []}
              />
              <Wall
                state={states.role}
                title={t`The program works under a role without special rights`}
                detail={
                  role ? (
                    <RoleFacts role={role} />
                  ) : (
                    t`SQLite knows no roles: its file belongs to the system's account that runs the program.`
                  )
                }
              />
              <Wall
                state={states.audit}
                title={t`The audit trail can only grow`}
                detail={
                  <Plural
                    value={append_only.tables.length}
                    one="# table refuses to change or delete what it holds, in the database engine itself."
                    other="# tables refuse to change or delete what they hold, in the database engine itself."
                  />
                }
                missing={append_only.tables.filter((each) => !each.protected).map((each) => each.name)}
              />
            </ol>
          </Card>
          <BuildCard separation={separation} />
        </div>
        <Card id="probe" flush title={t`Tried just now`}>
          <p className="px-4 pt-3 pb-2 text-muted">
            <Trans>
              As this laboratory, the system tried at <TimeText at={probe.at} /> to reach another's rows:
            </Trans>
          </p>
          {!probe.neighbour && (
            <p className="px-4 pb-2 text-muted">
              <Trans>No other laboratory lives here; ids that nobody has were used, which proves less.</Trans>
            </p>
          )}
          <ul>
            {probe.tried.map((each) => (
              <li key={each.what} className="flex items-start gap-2 border-t border-line px-4 py-2">
                <span className="min-w-0 flex-1">{attempted(each.what)}</span>
                {each.refused ? (
                  <Pill tone="green" icon={<CircleCheckBig aria-hidden />}>
                    <Trans>refused</Trans>
                  </Pill>
                ) : (
                  <Pill tone="critical" icon={<CircleX aria-hidden />}>
                    <Trans>got through</Trans>
                  </Pill>
                )}
              </li>
            ))}
          </ul>
        </Card>
      </div>
    </div>
  );
}

function Wall({
  state,
  title,
  detail,
  missing = [],
  outside = [],
}: {
  state: State;
  title: string;
  detail: ReactNode;
  missing?: readonly string[];
  /** Tables outside by design: they are read before a laboratory is known. */
  outside?: readonly string[];
}) {
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-1 border-b border-line px-4 py-3 last:border-0">
      <div className="min-w-0 flex-1 basis-72">
        <h3 className="font-medium">{title}</h3>
        <div className="text-muted">{detail}</div>
        {missing.length > 0 && (
          <p className="mt-1 text-red">
            <Trans>Missing on:</Trans> <code className="mono">{missing.join(", ")}</code>
          </p>
        )}
        {outside.length > 0 && (
          <p className="mt-1 text-xs text-muted">
            <Trans>Outside by design, because they are asked before the laboratory is known:</Trans>{" "}
            <code className="mono">{outside.join(", ")}</code>
          </p>
        )}
      </div>
      <WallPill state={state} />
    </li>
  );
}

function WallPill({ state }: { state: State }) {
  if (state === "stands")
    return (
      <Pill tone="green" icon={<CircleCheckBig aria-hidden />}>
        <Trans>stands</Trans>
      </Pill>
    );
  if (state === "broken")
    return (
      <Pill tone="critical" icon={<CircleX aria-hidden />}>
        <Trans>does not stand</Trans>
      </Pill>
    );
  return (
    <Pill tone="grey" icon={<Info aria-hidden />}>
      <Trans>not on this engine</Trans>
    </Pill>
  );
}

function RoleFacts({ role }: { role: NonNullable<Separation["service_role"]> }) {
  const { t } = useLingui();
  const facts = [
    [role.superuser, t`is no superuser`, t`is a superuser`],
    [role.bypasses_rls, t`cannot bypass row-level security`, t`can bypass row-level security`],
    [role.owns_tables, t`owns no table`, t`owns tables`],
    [role.may_change_audit, t`cannot change the audit trail`, t`can change the audit trail`],
  ] as const;
  return (
    <>
      <code className="mono">{role.name}</code>:{" "}
      {facts.map(([bad, well, badly], index) => (
        <span key={well}>
          {index > 0 && ", "}
          <span className={bad ? "font-medium text-red" : undefined}>{bad ? badly : well}</span>
        </span>
      ))}
    </>
  );
}

function BuildCard({ separation }: { separation: Separation }) {
  const { t } = useLingui();
  const { version, matrix } = separation.build;
  return (
    <Card id="build" title={t`The table of rights it was built with`}>
      <p className="mb-3 text-muted">
        <Trans>
          Every operation was tried as every role, in its own laboratory, in a foreign one and without signing in. The
          table of what is allowed is published with the program's source; the digest tells which one this program was
          built with.
        </Trans>
      </p>
      <Facts
        items={[
          [
            t`Version`,
            <span key="v" className="mono">
              {version}
            </span>,
          ],
          [t`Engine`, separation.engine === "sqlite" ? "SQLite" : "PostgreSQL"],
          [t`Operations`, matrix.operations],
          [t`Roles`, matrix.roles],
          [t`Tried combinations`, matrix.cells],
          [
            t`Digest`,
            <span key="d" className="mono text-xs break-all select-all">
              {matrix.digest}
            </span>,
          ],
        ]}
      />
      <div className="mt-3">
        <CopyButton text={matrix.digest} />
      </div>
    </Card>
  );
}
