import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Check, GitCompareArrows, Minus } from "lucide-react";
import { Fragment, useState } from "react";
import { useApi } from "@/api/queries";
import type { Compared, Comparison } from "@/api/types-access";
import { useDebounced } from "@/shell/debounced";
import { Combobox } from "@/ui/combobox";
import { cx } from "@/ui/cx";
import { ChoiceField, Field } from "@/ui/field";
import { Card } from "@/ui/page";
import { ErrorState, Skeleton, StateMessage } from "@/ui/states";
import { useAreas } from "./areas";

type Kind = "role" | "user";

/** One side of a comparison: a role or a person. */
export function SidePicker({
  label,
  value,
  name,
  onChange,
}: {
  label: string;
  /** "role:<id>", "user:<id>" or nothing yet. */
  value: string | undefined;
  /** Of what is chosen, once it is known. */
  name: string | undefined;
  onChange: (value: string | undefined) => void;
}) {
  const { t } = useLingui();
  const [kind, setKind] = useState<Kind>(value?.startsWith("user:") ? "user" : "role");
  const [text, setText] = useState("");
  const q = useDebounced(text, 200);
  const roles = useApi("GET /roles", { query: { limit: 200 } }, { enabled: kind === "role" });
  const users = useApi("GET /users", { query: { q, active: true, limit: 20 } }, { enabled: kind === "user" });
  const choices =
    kind === "role"
      ? (roles.data?.items ?? []).map((role) => ({ id: `role:${role.id}`, label: role.name }))
      : (users.data?.items ?? []).map((user) => ({
          id: `user:${user.id}`,
          label: user.name,
          note: user.roles.map((role) => role.name).join(", "),
        }));
  return (
    <fieldset className="flex min-w-0 flex-1 flex-col gap-2 rounded-lg border border-line bg-surface p-4">
      <legend className="sr-only">{label}</legend>
      <ChoiceField
        label={label}
        value={kind}
        onChange={(next) => {
          setKind(next);
          onChange(undefined);
        }}
        options={[
          { value: "role", label: t`Role` },
          { value: "user", label: t`Person` },
        ]}
      />
      <Field label={kind === "role" ? t`Role` : t`Person`}>
        {(control) => (
          <Combobox
            key={kind}
            control={control}
            choices={choices}
            onSearch={kind === "user" ? setText : undefined}
            busy={kind === "user" && users.isFetching}
            value={value ? (choices.find((each) => each.id === value) ?? { id: value, label: name ?? "…" }) : null}
            onChange={(choice) => onChange(choice?.id)}
          />
        )}
      </Field>
    </fieldset>
  );
}

/** Two roles or people side by side; what differs comes first, and alone unless all is asked for. */
export function Comparing({ left, right, all }: { left: string; right: string; all: boolean }) {
  const { data, error, isPending, refetch } = useApi("GET /roles/compare", { query: { left, right } });
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Skeleton className="h-96 w-full" />;
  return <Table comparison={data} all={all} />;
}

function Table({ comparison, all }: { comparison: Comparison; all: boolean }) {
  const { t } = useLingui();
  const permissions = useApi("GET /permissions", {});
  const of = new Map<string, Comparison["permissions"][number]>(
    comparison.permissions.map((each) => [each.permission, each]),
  );
  const differs = (id: string) => of.get(id)?.left !== of.get(id)?.right;
  const known = (permissions.data?.items ?? []).filter((each) => of.has(each.id));
  const areas = useAreas(known.filter((each) => differs(each.id)));
  const same = useAreas(known.filter((each) => !differs(each.id) && of.get(each.id)?.left));
  const count = (test: (each: Comparison["permissions"][number]) => boolean) =>
    comparison.permissions.filter(test).length;
  const onlyLeft = count((each) => each.left && !each.right);
  const onlyRight = count((each) => each.right && !each.left);
  const both = count((each) => each.left && each.right);
  if (permissions.isPending) return <Skeleton className="h-96 w-full" />;
  const groups = [
    ...areas.map((area) => ({ ...area, key: `differs ${area.id}` })),
    ...(all ? same.map((area) => ({ ...area, key: `same ${area.id}`, name: t`${area.name}: the same` })) : []),
  ];
  return (
    <Card flush>
      <p role="status" className="flex flex-wrap gap-x-5 gap-y-1 border-b border-line px-4 py-2.5">
        <span>
          <Trans>Only {comparison.left.name}:</Trans> <strong className="font-semibold">{onlyLeft}</strong>
        </span>
        <span>
          <Trans>Only {comparison.right.name}:</Trans> <strong className="font-semibold">{onlyRight}</strong>
        </span>
        <span className="text-muted">
          <Plural value={both} one="both: # permission" other="both: # permissions" />
        </span>
      </p>
      {groups.length === 0 ? (
        <StateMessage icon={<GitCompareArrows />} title={t`There is no difference`}>
          <Trans>Both hold exactly the same permissions.</Trans>
        </StateMessage>
      ) : (
        <table className="w-full border-separate border-spacing-0">
          <caption className="sr-only">{t`Permissions side by side`}</caption>
          <thead>
            <tr className="text-xs">
              <th scope="col" className="border-b border-line px-4 py-2 text-start font-medium text-muted">
                <Trans>Permission</Trans>
              </th>
              <SideHead side={comparison.left} />
              <SideHead side={comparison.right} />
            </tr>
          </thead>
          <tbody>
            {groups.map((area) => (
              <Fragment key={area.key}>
                <tr>
                  <th
                    scope="colgroup"
                    colSpan={3}
                    className="border-b border-line bg-sunken px-4 py-1.5 text-start text-xs font-semibold"
                  >
                    {area.name}
                  </th>
                </tr>
                {area.permissions.map((permission) => (
                  <tr key={permission.id} className="hover:bg-hover">
                    <th scope="row" className="border-b border-line px-4 py-2 text-start font-normal">
                      {permission.description}
                      <code className="mono block text-2xs text-muted">{permission.id}</code>
                    </th>
                    <Cell held={of.get(permission.id)?.left ?? false} differs={differs(permission.id)} />
                    <Cell held={of.get(permission.id)?.right ?? false} differs={differs(permission.id)} />
                  </tr>
                ))}
              </Fragment>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}

function SideHead({ side }: { side: Compared }) {
  const look = "font-semibold text-ink hover:text-accent hover:underline";
  return (
    <th scope="col" className="w-1/4 border-b border-l border-line px-3 py-2 text-start font-normal">
      {side.kind === "role" ? (
        <Link to="/roles/$id" params={{ id: side.id }} className={look}>
          {side.name}
        </Link>
      ) : (
        <Link to="/users/$id" params={{ id: side.id }} className={look}>
          {side.name}
        </Link>
      )}
      <span className="block text-2xs text-muted">
        {side.kind === "role" ? <Trans>Role</Trans> : <Trans>Person</Trans>}
      </span>
    </th>
  );
}

function Cell({ held, differs }: { held: boolean; differs: boolean }) {
  const { t } = useLingui();
  return (
    <td className={cx("border-b border-l border-line px-3 py-2", differs && held && "bg-green-tint")}>
      {held ? (
        <Check role="img" aria-label={t`yes`} className="size-4 text-green" />
      ) : (
        <Minus role="img" aria-label={t`no`} className="size-4 text-faint" />
      )}
    </td>
  );
}
