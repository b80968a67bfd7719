import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { CircleCheckBig, CircleX, Download, FileArchive, FileText, LoaderCircle, PackageOpen } from "lucide-react";
import { useState } from "react";
import { call, download } from "@/api/client";
import { isProblem } from "@/api/problems";
import { useAct, useApi } from "@/api/queries";
import type { AuditExport, AuditExportBody } from "@/api/types-records";
import { useMe } from "@/session/session";
import { Button } from "@/ui/button";
import { Combobox } from "@/ui/combobox";
import { CopyButton } from "@/ui/copy-button";
import { ChoiceField, Field, SelectField, TextAreaField } from "@/ui/field";
import { Card } from "@/ui/page";
import { saveFile } from "@/ui/save-file";
import { Pill } from "@/ui/pill";
import { ActError, ErrorState, Skeleton, StateMessage } from "@/ui/states";
import { TimeText } from "@/ui/time-text";
import { WhenField } from "@/ui/when-field";
import { dayStart } from "./search";
import { objectTypes, useAuditWords } from "./words";

/** A new export: a gapless range, or a selection by filter. The server asks for a fresh proof, because it takes evidence out of the house. */
export function NewExport() {
  const { t } = useLingui();
  const me = useMe();
  const words = useAuditWords();
  const act = useAct("POST /audit/exports");
  const actions = useApi("GET /audit/actions", {});
  const [kind, setKind] = useState<AuditExportBody["kind"]>("range");
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [action, setAction] = useState("");
  const [type, setType] = useState<(typeof objectTypes)[number] | "">("");
  const [held, setHeld] = useState("");
  const choices = (actions.data?.items ?? []).map((each) => ({ id: each.id, label: each.description, note: each.id }));
  const body = (): AuditExportBody => {
    const first = dayStart(from, 0, me.laboratory.timezone);
    const last = dayStart(to, 1, me.laboratory.timezone);
    return {
      kind,
      ...(first ? { from: first } : {}),
      ...(last ? { to: last } : {}),
      // A signed note ends with a line break; copying often loses it.
      ...(held.trim() ? { held_checkpoint: `${held.trim()}\n` } : {}),
      ...(kind === "selection"
        ? { filter: { ...(action ? { action } : {}), ...(type ? { object_type: type } : {}) } }
        : {}),
    };
  };
  const create = () => act.mutate({ body: body() });
  const field = (path: string) => (isProblem(act.error) ? act.error.field(path) : undefined);
  return (
    <Card id="new-export" title={t`New export`}>
      <div className="flex flex-col gap-4">
        <ChoiceField
          label={t`What`}
          value={kind}
          onChange={setKind}
          options={[
            { value: "range", label: t`Everything of a time` },
            { value: "selection", label: t`A selection` },
          ]}
        />
        <p className="text-muted">
          {kind === "range" ? (
            <Trans>
              Every entry from the first to the last, and a proof that none between is missing. Without days: the whole
              trail.
            </Trans>
          ) : (
            <Trans>
              Only what the filter finds, each entry with its own proof. It does not show that nothing else happened.
            </Trans>
          )}
        </p>
        <div className="grid gap-3 sm:grid-cols-2">
          <WhenField dateOnly label={t`From the day`} value={from} onChange={setFrom} error={field("from")} />
          <WhenField dateOnly label={t`To the day`} value={to} onChange={setTo} error={field("to")} />
          {kind === "selection" && (
            <>
              <Field label={t`What was done`}>
                {(control) => (
                  <Combobox
                    control={control}
                    placeholder={t`Anything`}
                    choices={choices}
                    value={choices.find((each) => each.id === action) ?? null}
                    onChange={(choice) => setAction(choice?.id ?? "")}
                  />
                )}
              </Field>
              <SelectField
                label={t`On what`}
                empty={t`Anything`}
                value={type}
                onChange={setType}
                options={objectTypes.map((each) => ({ value: each, label: words.type(each) }))}
              />
            </>
          )}
        </div>
        <details className="rounded-md border border-line">
          <summary className="min-h-9 px-3 py-2 text-xs font-medium select-none hover:bg-hover">
            <Trans>The assessor holds an earlier checkpoint</Trans>
          </summary>
          <div className="border-t border-line p-3">
            <TextAreaField
              label={t`Earlier checkpoint`}
              rows={5}
              spellCheck={false}
              value={held}
              onChange={(event) => setHeld(event.target.value)}
              error={field("held_checkpoint")}
              hint={t`Paste the signed note as it was handed over. The export then proves that since that day entries were only added.`}
            />
          </div>
        </details>
        <ActError error={act.error} />
        <Button tone="primary" icon={<FileArchive />} className="self-start" busy={act.isPending} onClick={create}>
          <Trans>Create the export…</Trans>
        </Button>
      </div>
    </Card>
  );
}

/** Exports made so far; those under way are read again until they are ready. */
export function ExportList() {
  const { t } = useLingui();
  const exports = useQuery({
    queryKey: ["GET /audit/exports", { query: { limit: 50 } }],
    queryFn: () => call("GET /audit/exports", { query: { limit: 50 } }),
    refetchInterval: (query) =>
      query.state.data?.items.some((each) => each.status === "queued" || each.status === "running") ? 1500 : false,
  });
  return (
    <Card id="exports" flush title={t`Exports`}>
      {exports.error ? (
        <ErrorState error={exports.error} onRetry={() => void exports.refetch()} className="py-8" />
      ) : exports.isPending ? (
        <Skeleton className="m-4 h-16" />
      ) : exports.data.items.length === 0 ? (
        <StateMessage className="py-10" icon={<PackageOpen />} title={t`No exports yet`} />
      ) : (
        <ul>
          {exports.data.items.map((each) => (
            <ExportRow key={each.id} item={each} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function ExportRow({ item }: { item: AuditExport }) {
  const { t } = useLingui();
  const underWay = item.status === "queued" || item.status === "running";
  return (
    <li className="flex flex-col gap-2 border-b border-line px-4 py-3 last:border-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <p className="min-w-0 flex-1 basis-52">
          <span className="font-medium">
            {item.kind === "range" ? t`Range` : t`Selection`}
            {item.first !== null && item.last !== null && (
              <span className="mono">
                {" "}
                #{item.first} – #{item.last}
              </span>
            )}
          </span>
          <span className="block text-xs text-muted">
            {item.count !== null && (
              <>
                <Plural value={item.count} one="# entry" other="# entries" /> ·{" "}
              </>
            )}
            <TimeText at={item.created_at} /> {item.created_by?.name && `· ${item.created_by.name}`}
          </span>
        </p>
        {item.status === "ready" ? (
          <Pill tone="green" icon={<CircleCheckBig aria-hidden />}>
            <Trans>Ready</Trans>
          </Pill>
        ) : item.status === "failed" ? (
          <Pill tone="red" icon={<CircleX aria-hidden />}>
            <Trans>Failed</Trans>
          </Pill>
        ) : (
          <Pill tone="blue" icon={<LoaderCircle aria-hidden className="animate-spin" />}>
            {item.progress} %
          </Pill>
        )}
      </div>
      {underWay && (
        <progress
          value={item.progress}
          max={100}
          aria-label={t`Progress`}
          className="h-1.5 w-full appearance-none overflow-hidden rounded-full [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-accent"
        />
      )}
      {item.error && <p className="text-red">{item.error}</p>}
      {item.status === "ready" && <Downloads item={item} />}
    </li>
  );
}

function Downloads({ item }: { item: AuditExport }) {
  const { t } = useLingui();
  const [busy, setBusy] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const save = async (name: string, get: () => Promise<Blob>) => {
    setBusy(name);
    setError(null);
    try {
      saveFile(await get(), name);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(null);
    }
  };
  const base = `audit-${item.first ?? 0}-${item.last ?? 0}`;
  const bundle = `${base}.attest.zip`;
  return (
    <>
      <div className="flex flex-wrap gap-2">
        <Button
          icon={<Download />}
          busy={busy === bundle}
          onClick={() =>
            void save(bundle, () =>
              download("GET /audit/exports/{id}/bundle", { path: { id: item.id } }, { accept: "application/zip" }),
            )
          }
        >
          <Trans>Bundle (zip)</Trans>
        </Button>
        {Array.from({ length: item.parts ?? 1 }, (_, index) => {
          const part = index + 1;
          const name = (item.parts ?? 1) > 1 ? `${base}-${part}.pdf` : `${base}.pdf`;
          return (
            <Button
              key={part}
              icon={<FileText />}
              busy={busy === name}
              onClick={() =>
                void save(name, () =>
                  download(
                    "GET /audit/exports/{id}/document",
                    { path: { id: item.id }, query: { part } },
                    { accept: "application/pdf" },
                  ),
                )
              }
            >
              {(item.parts ?? 1) > 1 ? t`Signed PDF, part ${part}` : t`Signed PDF`}
            </Button>
          );
        })}
      </div>
      <ActError error={error} />
    </>
  );
}

/** How an assessor checks an export on their own computer, with the key to do it. */
export function HowToVerify() {
  const { t } = useLingui();
  const key = useQuery({
    queryKey: ["log key"],
    staleTime: Infinity,
    queryFn: async () => {
      const { items } = await call("GET /audit/events", { query: { limit: 20 } });
      const index = items.find((each) => each.index !== null)?.index;
      return index === null || index === undefined
        ? null
        : (await call("GET /audit/events/{index}/proof", { path: { index } })).log_key;
    },
  });
  const command = `attest-verify audit.attest.zip --key '${key.data ?? "…"}'`;
  return (
    <Card id="verify" title={t`How anybody can check it`}>
      <ol className="flex list-decimal flex-col gap-3 ps-5">
        <li>
          <Trans>Take the program attest-verify from the project, not from the laboratory. It needs no network.</Trans>
        </li>
        <li>
          <Trans>
            Get the log key from the laboratory by another way than the export: on paper, by telephone, from its
            certificate.
          </Trans>
          {key.data && (
            <div className="mt-2 flex items-start gap-2">
              <code className="mono min-w-0 flex-1 rounded-md bg-sunken px-2.5 py-1.5 text-xs break-all select-all">
                {key.data}
              </code>
              <CopyButton text={key.data} />
            </div>
          )}
        </li>
        <li>
          <Trans>Run it over the bundle or the signed PDF:</Trans>
          <code className="mono mt-2 block rounded-md bg-sunken px-2.5 py-1.5 text-xs break-all select-all">
            {command}
          </code>
        </li>
        <li>
          <Trans>
            It prints every step and its verdict. One changed byte anywhere, and it names the file and the entry.
          </Trans>
        </li>
      </ol>
    </Card>
  );
}
