import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { FilePlus2, TestTubes } from "lucide-react";
import { useState } from "react";
import { isProblem } from "@/api/problems";
import { useAct, useApiPages } from "@/api/queries";
import type { Language, SampleSummary } from "@/api/types";
import type { Report } from "@/api/types-records";
import { Progress } from "@/features/samples/progress";
import { Whose } from "@/features/samples/whose";
import { LANGUAGES } from "@/i18n";
import { useMe } from "@/session/session";
import { Button } from "@/ui/button";
import { ChoiceField, FieldError, SelectField, TextAreaField } from "@/ui/field";
import { Form } from "@/ui/form";
import { Card } from "@/ui/page";
import { SearchBox } from "@/ui/search-box";
import { ActError, ErrorState, Skeleton, StateMessage } from "@/ui/states";
import { TimeText } from "@/ui/time-text";

const ownerOf = (sample: SampleSummary) => sample.client?.id ?? sample.patient?.id ?? "";

/** Samples whose results are verified become a draft; all of one client or one patient. */
export function NewReport({ preset }: { preset: string | undefined }) {
  const { t } = useLingui();
  const me = useMe();
  const navigate = useNavigate();
  const act = useAct("POST /reports");
  const [kind, setKind] = useState<Report["kind"]>("final");
  const [language, setLanguage] = useState<Language>(me.laboratory.language ?? me.language);
  const [remarks, setRemarks] = useState("");
  const [q, setQ] = useState("");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(preset ? [preset] : []));
  const [tried, setTried] = useState(false);
  const pages = useApiPages("GET /samples", {
    query: { status: kind === "final" ? "completed" : "in_progress,completed", q: q || undefined, sort: "created_at" },
  });
  const rows = pages.rows;
  const owner = ownerOf(rows.find((each) => chosen.has(each.id)) ?? ({ client: null, patient: null } as SampleSummary));
  const toggle = (id: string, on: boolean) =>
    setChosen((now) => (on ? new Set([...now, id]) : new Set([...now].filter((each) => each !== id))));
  const submit = () => {
    setTried(true);
    if (chosen.size === 0) return;
    act.mutate(
      { body: { sample_ids: [...chosen], kind, language, ...(remarks.trim() ? { remarks: remarks.trim() } : {}) } },
      { onSuccess: (report) => void navigate({ to: "/reports/$id", params: { id: report.id } }) },
    );
  };
  const groups = new Map<string, SampleSummary[]>();
  for (const each of rows) groups.set(ownerOf(each), [...(groups.get(ownerOf(each)) ?? []), each]);
  return (
    <Form className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_22rem]" onSubmit={submit}>
      <Card
        id="samples"
        flush
        title={t`Samples`}
        actions={
          <span className="flex w-full sm:w-auto">
            <SearchBox
              value={q}
              onChange={setQ}
              label={t`Search by accession number or reference`}
              placeholder={t`Accession number or reference`}
            />
          </span>
        }
      >
        {pages.error && rows.length === 0 ? (
          <ErrorState error={pages.error} onRetry={() => void pages.refetch()} className="py-8" />
        ) : pages.isPending ? (
          <div aria-busy className="flex flex-col gap-3 p-4">
            {[0, 1, 2, 3, 4].map((each) => (
              <Skeleton key={each} className="h-9 w-full" />
            ))}
          </div>
        ) : rows.length === 0 ? (
          <StateMessage className="py-10" icon={<TestTubes />} title={t`No sample is ready to be reported`}>
            <Trans>
              A sample is ready when all its results are verified. A preliminary report can be drafted before.
            </Trans>
          </StateMessage>
        ) : (
          [...groups].map(([id, samples]) => {
            const other = owner !== "" && owner !== id;
            const open = samples.filter((each) => chosen.has(each.id)).length;
            return (
              <fieldset key={id} className="min-w-0 border-b border-line last:border-0" disabled={other}>
                <legend className="sr-only">{samples[0]?.client?.name ?? samples[0]?.patient?.name ?? ""}</legend>
                <div className={`flex min-h-10 items-center gap-3 bg-canvas px-4 ${other ? "text-faint" : ""}`}>
                  <span className="min-w-0 flex-1 truncate font-medium">
                    {samples[0] && <Whose sample={samples[0]} />}
                  </span>
                  {other ? (
                    <span className="text-xs">
                      <Trans>A report is for one client or patient only.</Trans>
                    </span>
                  ) : (
                    <Button
                      tone="ghost"
                      onClick={() =>
                        setChosen((now) =>
                          open === samples.length
                            ? new Set([...now].filter((each) => !samples.some((one) => one.id === each)))
                            : new Set([...now, ...samples.map((each) => each.id)]),
                        )
                      }
                    >
                      {open === samples.length ? <Trans>None</Trans> : <Trans>All</Trans>}
                    </Button>
                  )}
                </div>
                <ul>
                  {samples.map((sample) => (
                    <li key={sample.id} className="border-t border-line">
                      <label
                        className={`flex min-h-11 items-center gap-3 px-4 py-1.5 ${other ? "text-faint" : "hover:bg-hover has-checked:bg-selected"}`}
                      >
                        <input
                          type="checkbox"
                          className="size-4 accent-accent"
                          checked={chosen.has(sample.id)}
                          onChange={(event) => toggle(sample.id, event.target.checked)}
                        />
                        <span className="mono font-medium">{sample.accession_number}</span>
                        <span className="min-w-0 flex-1 truncate text-muted">
                          {sample.sample_type.name}
                          {sample.client_reference && ` · ${sample.client_reference}`}
                        </span>
                        <span className="hidden sm:block">
                          <Progress counts={sample.counts} />
                        </span>
                        <TimeText at={sample.received_at} dateOnly className="hidden text-xs text-muted md:block" />
                      </label>
                    </li>
                  ))}
                </ul>
              </fieldset>
            );
          })
        )}
        {pages.hasNextPage && (
          <div className="border-t border-line p-3">
            <Button busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
              <Trans>Show more</Trans>
            </Button>
          </div>
        )}
      </Card>
      <Card id="draft" title={t`Draft`} className="xl:sticky xl:top-4">
        <div className="flex flex-col gap-4">
          <ChoiceField
            label={t`Kind`}
            value={kind}
            onChange={setKind}
            options={[
              { value: "final", label: t`Final` },
              { value: "preliminary", label: t`Preliminary` },
            ]}
          />
          {kind === "preliminary" && (
            <p className="text-xs text-muted">
              <Trans>It names the tests that are still pending.</Trans>
            </p>
          )}
          <SelectField
            label={t`Language of the document`}
            value={language}
            onChange={(next) => next !== "" && setLanguage(next)}
            options={LANGUAGES.map((each) => ({ value: each.id, label: each.name }))}
          />
          <TextAreaField
            label={t`Remarks`}
            hint={t`Printed on the report`}
            value={remarks}
            onChange={(event) => setRemarks(event.target.value)}
            error={isProblem(act.error) ? act.error.field("remarks") : undefined}
          />
          {tried && chosen.size === 0 && <FieldError>{t`Choose at least one sample.`}</FieldError>}
          <ActError error={act.error} />
          <Button type="submit" tone="primary" icon={<FilePlus2 />} busy={act.isPending}>
            {chosen.size > 0 ? (
              <Plural value={chosen.size} one="Draft from # sample" other="Draft from # samples" />
            ) : (
              <Trans>Draft the report</Trans>
            )}
          </Button>
        </div>
      </Card>
    </Form>
  );
}
