import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { GraduationCap, Plus } from "lucide-react";
import { useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct, useApi, useApiPages } from "@/api/queries";
import type { Competence } from "@/api/types-orders";
import type { User } from "@/api/types-records";
import { TestsPicker, wantedOf } from "@/features/pickers/pickers";
import { parseWhen } from "@/features/register/paste";
import { useMay } from "@/session/session";
import { useTime } from "@/session/time";
import { ActDialog } from "@/ui/act-dialog";
import { Button } from "@/ui/button";
import type { Choice } from "@/ui/combobox";
import { Field } from "@/ui/field";
import { Card } from "@/ui/page";
import { Pill } from "@/ui/pill";
import { ActError, ErrorState, Skeleton, StateMessage } from "@/ui/states";
import { WhenField } from "@/ui/when-field";

/** For which tests a person may enter results, and until when. */
export function Competences({ user }: { user: User }) {
  const { t } = useLingui();
  const may = useMay();
  const time = useTime();
  const [adding, setAdding] = useState<readonly Choice[] | null>(null);
  const pages = useApiPages("GET /competences", { query: { user_id: user.id } }, 200);
  const today = time.date(new Date().toISOString());
  const rows = pages.rows.toSorted((a, b) => a.test.name.localeCompare(b.test.name));
  return (
    <Card
      id="competences"
      flush
      title={t`Competences`}
      actions={
        <Button
          icon={<Plus />}
          onClick={() => setAdding([])}
          disabledReason={
            may("competence:manage") ? undefined : t`Your roles lack the permission ${"competence:manage"}.`
          }
        >
          <Trans>Record…</Trans>
        </Button>
      }
    >
      {pages.error && rows.length === 0 ? (
        <ErrorState error={pages.error} onRetry={() => void pages.refetch()} className="py-8" />
      ) : pages.isPending ? (
        <Skeleton className="m-4 h-24" />
      ) : rows.length === 0 ? (
        <StateMessage className="py-10" icon={<GraduationCap />} title={t`No competence is recorded`}>
          <Trans>Without one for a test, the server refuses results of it from this person.</Trans>
        </StateMessage>
      ) : (
        <ul className="grid max-h-96 overflow-y-auto sm:grid-cols-2">
          {rows.map((each) => (
            <CompetenceRow
              key={each.id}
              competence={each}
              today={today}
              onChange={
                may("competence:manage")
                  ? () => setAdding([{ id: `test:${each.test.id}`, label: each.test.name }])
                  : undefined
              }
            />
          ))}
        </ul>
      )}
      {pages.hasNextPage && (
        <div className="border-t border-line p-2">
          <Button tone="ghost" busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            <Trans>Show more</Trans>
          </Button>
        </div>
      )}
      {adding && <RecordDialog user={user} chosen={adding} onClose={() => setAdding(null)} />}
    </Card>
  );
}

function CompetenceRow({
  competence,
  today,
  onChange,
}: {
  competence: Competence;
  today: string;
  onChange: (() => void) | undefined;
}) {
  const { t } = useLingui();
  const { valid_from: from, valid_until: until } = competence;
  const over = until !== null && until < today;
  const name = <span className="block truncate font-medium">{competence.test.name}</span>;
  return (
    <li className="flex min-w-0 items-center gap-3 border-b border-line px-4 py-2">
      <span className="min-w-0 flex-1">
        {onChange ? (
          <button
            type="button"
            className="block max-w-full text-start hover:text-accent hover:underline"
            onClick={onChange}
          >
            {name}
          </button>
        ) : (
          name
        )}
        <span className="block text-xs text-muted">{until === null ? t`from ${from}` : t`${from} to ${until}`}</span>
      </span>
      {over ? (
        <Pill tone="red">
          <Trans>Expired</Trans>
        </Pill>
      ) : from > today ? (
        <Pill tone="grey">
          <Trans>Not yet</Trans>
        </Pill>
      ) : null}
    </li>
  );
}

function RecordDialog({ user, chosen, onClose }: { user: User; chosen: readonly Choice[]; onClose: () => void }) {
  const { t } = useLingui();
  const time = useTime();
  const act = useAct("POST /competences");
  const panels = useApi("GET /panels", { query: { active: true, limit: 200 } });
  const [tests, setTests] = useState<Choice[]>([...chosen]);
  const [from, setFrom] = useState(time.date(new Date().toISOString()));
  const [until, setUntil] = useState("");
  const [tried, setTried] = useState(false);
  const server = (path: string) => (isProblem(act.error) ? act.error.field(path) : undefined);
  const day = (text: string) => parseWhen(text)?.slice(0, 10);
  const { test_ids, panel_ids } = wantedOf(tests);
  const ids = [
    ...new Set([
      ...test_ids,
      ...panel_ids.flatMap(
        (id) => panels.data?.items.find((each) => each.id === id)?.tests.map((each) => each.id) ?? [],
      ),
    ]),
  ];
  const errors = {
    tests: ids.length > 0 ? undefined : t`Choose at least one test.`,
    from: day(from) ? undefined : t`There is no such day.`,
    until:
      until.trim() === ""
        ? undefined
        : !day(until)
          ? t`There is no such day.`
          : (day(until) ?? "") < (day(from) ?? "")
            ? t`It would end before it begins.`
            : undefined,
  };
  const submit = () => {
    setTried(true);
    const first = day(from);
    if (Object.values(errors).some(Boolean) || !first) return;
    act.mutate(
      {
        body: {
          user_id: user.id,
          test_ids: ids,
          valid_from: first,
          ...(day(until) ? { valid_until: day(until) } : {}),
        },
      },
      { onSuccess: onClose },
    );
  };
  return (
    <ActDialog
      title={t`Competences of ${user.name}`}
      description={t`What was recorded before stays in the trail. The same test and first day again change the last day.`}
      onClose={onClose}
      onSubmit={submit}
      busy={act.isPending}
      label={t`Record`}
    >
      <Field
        label={t`Tests and panels`}
        required
        error={(tried ? errors.tests : undefined) ?? server("test_ids")}
        hint={ids.length > 0 ? <Plural value={ids.length} one="# test" other="# tests" /> : undefined}
      >
        {(control) => <TestsPicker control={control} value={tests} onChange={setTests} />}
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <WhenField
          dateOnly
          required
          label={t`Valid from`}
          value={from}
          onChange={setFrom}
          error={(tried ? errors.from : undefined) ?? server("valid_from")}
        />
        <WhenField
          dateOnly
          noNow
          label={t`Last day`}
          value={until}
          onChange={setUntil}
          error={(tried ? errors.until : undefined) ?? server("valid_until")}
        />
      </div>
      <ActError beside error={act.error} />
    </ActDialog>
  );
}
