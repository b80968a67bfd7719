import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { ListFilter, X } from "lucide-react";
import { useApi } from "@/api/queries";
import { useMay } from "@/session/session";
import { Combobox } from "@/ui/combobox";
import { Field, SelectField } from "@/ui/field";
import { useNarrow } from "@/ui/media";
import { WhenField } from "@/ui/when-field";
import { type AuditSearch, prune } from "./search";
import { objectTypes, useAuditWords } from "./words";

/** Which part of the trail: who, what, on what, when. Everything chosen stands in the address bar. */
export function AuditFilters({ search }: { search: AuditSearch }) {
  const { t } = useLingui();
  const may = useMay();
  const words = useAuditWords();
  const navigate = useNavigate();
  const actions = useApi("GET /audit/actions", {});
  const users = useApi("GET /users", { query: { limit: 200 } }, { enabled: may("user:read") });
  const change = (next: AuditSearch) =>
    void navigate({ to: "/audit", search: prune({ ...search, ...next }), replace: true });
  const actionChoices = (actions.data?.items ?? []).map((each) => ({
    id: each.id,
    label: each.description,
    note: each.id,
  }));
  const userChoices = (users.data?.items ?? []).map((each) => ({ id: each.id, label: each.name, note: each.email }));
  const any = Object.keys(search).length > 0;
  const narrow = useNarrow();
  const fields = (
    <div className="mb-5 grid grid-cols-2 items-end gap-3 lg:grid-cols-[1.4fr_1.4fr_1fr_1fr_1fr_auto]">
      <Field label={t`What was done`} className="max-lg:col-span-2">
        {(control) => (
          <Combobox
            control={control}
            placeholder={t`Anything`}
            choices={actionChoices}
            busy={actions.isPending}
            value={actionChoices.find((each) => each.id === search.action) ?? null}
            onChange={(choice) => change({ action: choice?.id ?? "" })}
          />
        )}
      </Field>
      {may("user:read") ? (
        <Field label={t`By whom`} className="max-lg:col-span-2">
          {(control) => (
            <Combobox
              control={control}
              placeholder={t`Anybody`}
              choices={userChoices}
              busy={users.isPending}
              value={userChoices.find((each) => each.id === search.actor_id) ?? null}
              onChange={(choice) => change({ actor_id: choice?.id ?? "" })}
            />
          )}
        </Field>
      ) : (
        <span className="hidden lg:block" />
      )}
      <SelectField
        label={t`On what`}
        className="max-lg:col-span-2"
        empty={t`Anything`}
        value={(search.object_type ?? "") as (typeof objectTypes)[number] | ""}
        onChange={(type) => change({ object_type: type, object_id: "" })}
        options={objectTypes.map((type) => ({ value: type, label: words.type(type) }))}
      />
      <WhenField dateOnly label={t`From the day`} value={search.from ?? ""} onChange={(from) => change({ from })} />
      <WhenField dateOnly label={t`To the day`} value={search.to ?? ""} onChange={(to) => change({ to })} />
      {any && (
        <button
          type="button"
          onClick={() => void navigate({ to: "/audit", search: {}, replace: true })}
          className="flex min-h-[var(--control)] items-center gap-1 rounded-md px-2 text-accent hover:bg-hover"
        >
          <X aria-hidden className="size-4" />
          <Trans>Clear</Trans>
        </button>
      )}
      {search.object_id && (
        <p className="col-span-full flex items-center gap-1 text-xs text-muted">
          <Trans>
            Only what happened to one object: <code className="mono">{search.object_id}</code>
          </Trans>
          <button
            type="button"
            aria-label={t`Clear`}
            onClick={() => change({ object_id: "" })}
            className="grid size-6 place-items-center rounded-sm hover:bg-hover"
          >
            <X aria-hidden className="size-3.5" />
          </button>
        </p>
      )}
    </div>
  );
  if (!narrow) return fields;
  // On a phone the trail itself comes first; chosen filters stay in sight.
  return (
    <details open={any} className="mb-4 rounded-lg border border-line bg-surface">
      <summary className="flex min-h-11 items-center gap-2 px-4 font-medium select-none [&_svg]:size-4">
        <ListFilter aria-hidden />
        <Trans>Filter</Trans>
      </summary>
      <div className="px-4 pt-2 [&>div]:mb-4">{fields}</div>
    </details>
  );
}
